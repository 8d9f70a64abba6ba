/** Lists of every collection of every API: a façade defines them (`definition.ts`), this module makes pages of them. */
export { askingOf } from './asking';
export * from './condition';
export * from './definition';
export * from './filters';
export { Lists } from './lists';
export { listed } from './memory-list';
export type { Direction, Order } from './order';
export { encodedWithout, lastOf, type QueryParameters, queryParameters } from './parameters';
export { whereOf } from './plan';
