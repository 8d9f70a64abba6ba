export * from './port';
export { MemoryEventStore } from './memory';
