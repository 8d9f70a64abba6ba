/**
 * Every aggregate: one folder and one line here. `aggregates.ts` finds the aggregate among what its folder exports, by
 * the name of its category.
 */
export * from './console';
export * from './dns';
export * from './enrolment';
export * from './flavor';
export * from './floating-ip';
export * from './floating-pool';
export * from './host';
export * from './host-aggregate';
export * from './image';
export * from './instance';
export * from './keypairs';
export * from './network';
export * from './project';
export * from './quota';
export * from './registry';
export * from './request';
export * from './security-defaults';
export * from './security-groups';
export * from './server-group';
export * from './user';
