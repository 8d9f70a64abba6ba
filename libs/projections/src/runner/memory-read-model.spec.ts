import { MemoryReadModel } from './memory-read-model';
import { rowStoreContract } from './row-store.contract';

rowStoreContract('memory', () => {
  const store = new MemoryReadModel();
  return Promise.resolve({
    store,
    rows: (entity) => Promise.resolve(store.all(entity)),
    close: () => Promise.resolve(),
  });
});
