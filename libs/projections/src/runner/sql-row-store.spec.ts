import { generationsIn } from '../database/generations';
import { projections } from '../projections';
import { entities } from '../schema';
import { testDatabase } from '../testing/test-database';
import { rowStoreContract } from './row-store.contract';
import { SqlRowStore } from './sql-row-store';

const GENERATION = 'abcdefabcdef_all';
const ROWS = projections.map(({ entity }) => entity);

rowStoreContract('SQL', async () => {
  const test = await testDatabase();
  const generations = generationsIn(test.database);
  const writer = await generations.openWriter(GENERATION, ROWS);
  const reader = await generations.openReader([GENERATION], entities);
  return {
    store: new SqlRowStore(writer),
    rows: async (entity) => {
      const rows = await reader.manager.find(entity, { order: { id: 'ASC' } });
      return rows.map((row) => ({ ...row }));
    },
    close: async () => {
      await reader.destroy();
      await writer.destroy();
      await test.remove();
    },
  };
});

describe('two that write to the same generation', () => {
  it('cannot both move the checkpoint', async () => {
    const test = await testDatabase();
    const generations = generationsIn(test.database);
    const writers = [await generations.openWriter(GENERATION, ROWS), await generations.openWriter(GENERATION, ROWS)];
    const [one, other] = writers.map((writer) => new SqlRowStore(writer)) as [SqlRowStore, SqlRowStore];
    const nothing = (): Promise<void> => Promise.resolve();
    await one.advance(null, '1'.padStart(20, '0'), nothing);
    await expect(other.advance(null, '1'.padStart(20, '0'), nothing)).rejects.toThrow('the checkpoint is no longer at');
    for (const writer of writers) await writer.destroy();
    await test.remove();
  });
});
