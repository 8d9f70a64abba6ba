import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { projections } from './projections';
import { applyBatch } from './runner/batch';
import { openWriter } from './runner/database';
import { Folder } from './runner/folder';
import { positionText } from './runner/position';
import { SqlRowStore } from './runner/sql-row-store';
import { entities } from './schema';
import { runs } from './testing/fast-check';
import { cloudOf, pasts } from './testing/histories';
import { rowsAfter } from './testing/timeline';

let directory: string;
let database: DataSource;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cairn-schema-'));
  database = await openWriter(join(directory, 'test.sqlite'));
});

afterAll(async () => {
  await database.destroy();
  await rm(directory, { recursive: true });
});

describe('the tables', () => {
  it('are made by hand-written migrations as the entities describe them', async () => {
    const missing = await database.driver.createSchemaBuilder().log();
    expect(missing.upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('have a migration and a name of their own for each read model', () => {
    const names = projections.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(entities).toHaveLength(names.length + 2);
  });

  it('hold after any history what memory holds, whatever the batches', async () => {
    const store = new SqlRowStore(database);
    const folder = new Folder(projections);
    const same = fc.asyncProperty(pasts(80), fc.integer({ min: 1, max: 300 }), async (past, size) => {
      const { log } = cloudOf(past);
      await store.reset();
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
