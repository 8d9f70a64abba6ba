import { eventStoreContract } from './event-store.contract';
import { MemoryEventStore } from './memory';

eventStoreContract('MemoryEventStore', () => {
  const store = new MemoryEventStore(() => new Date().toISOString());
  return Promise.resolve({ store, end: () => store.close() });
});
