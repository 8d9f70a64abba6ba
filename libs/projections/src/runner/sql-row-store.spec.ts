import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openReader, openWriter } from './database';
import { rowStoreContract } from './row-store.contract';
import { SqlRowStore } from './sql-row-store';

rowStoreContract('SQLite', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'cairn-rows-'));
  const file = join(directory, 'rows.sqlite');
  const writer = await openWriter(file);
  const reader = await openReader(file);
  return {
    store: new SqlRowStore(writer),
    rows: async (entity) => {
      const rows = await reader.manager.find(entity, { order: { id: 'ASC' } });
      return rows.map((row) => ({ ...row }));
    },
    close: async () => {
      await reader.destroy();
      await writer.destroy();
      await rm(directory, { recursive: true });
    },
  };
});

describe('two that write to the same file', () => {
  it('cannot both move the checkpoint', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'cairn-rows-'));
    const file = join(directory, 'rows.sqlite');
    const writers = [await openWriter(file), await openWriter(file)];
    const [one, other] = writers.map((writer) => new SqlRowStore(writer)) as [SqlRowStore, SqlRowStore];
    const nothing = (): Promise<void> => Promise.resolve();
    await one.advance(null, '1'.padStart(20, '0'), nothing);
    await expect(other.advance(null, '1'.padStart(20, '0'), nothing)).rejects.toThrow('the checkpoint is no longer at');
    for (const writer of writers) await writer.destroy();
    await rm(directory, { recursive: true });
  });
});
