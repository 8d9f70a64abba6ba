import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { generationsIn } from './database/generations';
import { projections } from './projections';
import { applyBatch } from './runner/batch';
import { Folder } from './runner/folder';
import { positionText } from './runner/position';
import { SqlRowStore } from './runner/sql-row-store';
import { entities } from './schema';
import { runs } from './testing/fast-check';
import { cloudOf, pasts } from './testing/histories';
import { testDatabase, type TestDatabase } from './testing/test-database';
import { rowsAfter } from './testing/timeline';

let test: TestDatabase;
let database: DataSource;

beforeAll(async () => {
  test = await testDatabase();
  database = await generationsIn(test.database).openWriter(
    'abcdefabcdef_all',
    projections.map(({ entity }) => entity),
  );
});

afterAll(async () => {
  await database.destroy();
  await test.remove();
});

describe('the tables', () => {
  it('are what TypeORM would make of the row classes', async () => {
    const missing = await database.driver.createSchemaBuilder().log();
    // TypeORM sees PostgreSQL's indexes on several columns in the order of the table's columns
    const of = missing.upQueries.map(({ query }) => query).filter((query) => !/^(CREATE|DROP) INDEX/.test(query));
    expect(of).toEqual([]);
  });

  it('are one for each read model, whose name is its own', () => {
    const names = projections.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(entities).toHaveLength(names.length + 3);
  });

  it('hold after any history what memory holds, whatever the batches', async () => {
    const store = new SqlRowStore(database);
    const folder = new Folder(projections);
    const same = fc.asyncProperty(pasts(80), fc.integer({ min: 1, max: 300 }), async (past, size) => {
      const { log } = cloudOf(past);
      await store.reset(null);
      for (let from = 0; from < log.length; from += size) {
        const batch = log.slice(from, from + size);
        const { position, parked } = await store.checkpoint();
        const tasks = batch.flatMap((event) => folder.tasks(event));
        await store.advance(position, positionText(batch.at(-1)?.position ?? 0n), async (rows) => {
          await applyBatch(tasks, rows, parked);
        });
      }
      const memory = await rowsAfter(log);
      for (const { entity } of projections) {
        const rows = await database.manager.find(entity, { order: { id: 'ASC' } });
        expect(rows.map((row) => ({ ...row }))).toEqual(memory.all(entity));
      }
    });
    await fc.assert(same, runs(15));
  });
});
