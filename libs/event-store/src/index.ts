export { bodyOf } from './body';
export * from './port';
export { EventStoreDb, type LogConnections } from './eventstoredb';
export type { StoreLogin } from './store-login';
export { StoreSecurity, type StreamAccess } from './store-security';
export { MemoryEventStore } from './memory';
export { sharedLog } from './shared-log';
export { linkOf, streamHash } from './stream-hash';
