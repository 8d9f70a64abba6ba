export * from './port';
export { EventStoreDb } from './eventstoredb';
export { MemoryEventStore } from './memory';
export { canonicalJson, linkOf, streamHash } from './stream-hash';
