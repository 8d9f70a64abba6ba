export type { Dialect, Fault } from './dialect';
export { glanceDialect } from './glance';
export { keystoneDialect } from './keystone';
export { novaDialect } from './nova';
export { plainDialect } from './plain';
