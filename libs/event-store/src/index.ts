export * from './port';
export { EventStoreDb } from './eventstoredb';
export { MemoryEventStore } from './memory';
export { sharedLog } from './shared-log';
export { canonicalJson, linkOf, streamHash } from './stream-hash';
