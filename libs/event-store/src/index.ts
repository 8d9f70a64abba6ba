export * from './port';
export { MemoryEventStore } from './memory';
export { canonicalJson, linkOf, streamHash } from './stream-hash';
