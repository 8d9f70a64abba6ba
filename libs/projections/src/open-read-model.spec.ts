import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { generationsIn } from './database/generations';
import { ReadModelNotReady } from './errors';
import { dropReadModels, openReadModel, type ReadModelOptions } from './open-read-model';
import type { AnyProjection } from './projection';
import { projections } from './projections';
import type { ReadModel } from './read-model';
import { FlavorRow, QuotaItemRow, ServerRow } from './read-models';
import { entities } from './schema';
import { eventually } from './testing/eventually';
import { cloudOf } from './testing/histories';
import { fastTime, Told } from './testing/runtime';
import { testDatabase, type TestDatabase } from './testing/test-database';
import { TestLog } from './testing/test-log';

const { log: past } = cloudOf({ seed: 7, steps: 200 });
const end = past.at(-1)?.position ?? 0n;

/** The same folds as of a later build. */
const later: readonly AnyProjection[] = projections.map((each) => ({ ...each, version: each.version + 1 }));

let test: TestDatabase;
const open: ReadModel[] = [];

beforeEach(async () => {
  test = await testDatabase();
});

afterEach(async () => {
  for (const model of open.splice(0)) await model.close();
  await test.remove();
});

async function opened(log: TestLog, options: Partial<ReadModelOptions> = {}): Promise<ReadModel> {
  const model = await openReadModel({ database: test.database, log, timer: fastTime, logger: new Told(), ...options });
  open.push(model);
  return model;
}

async function builtAndClosed(): Promise<string> {
  const model = await opened(new TestLog(past));
  await model.waitFor(end, 100_000);
  const before = await dump(model);
  await model.close();
  open.pop();
  return before;
}

/** Every row of every table, as text. */
const dump = (model: ReadModel): Promise<string> =>
  model.read(async (rows) => {
    const tables: unknown[] = [];
    for (const entity of entities) tables.push(await rows.find(entity, { order: { id: 'ASC' } }));
    return JSON.stringify(tables);
  });

const count = (model: ReadModel): Promise<number> => model.read((rows) => rows.count(FlavorRow));

const generations = (): Promise<readonly string[]> => generationsIn(test.database).others('');

/** Makes what is stored unusable. */
async function damage(): Promise<void> {
  const [generation = ''] = await generations();
  if (test.database.type === 'sqlite') {
    const file = join(test.database.directory, `read-model-${generation}.sqlite`);
    await writeFile(file, 'no database, but long enough to be read as one'.repeat(100));
    return;
  }
  const writer = await generationsIn(test.database).openWriter(generation);
  await writer.query('DROP TABLE server_v1');
  await writer.destroy();
}

describe('the read models in a database', () => {
  it('answer nothing, rather than an empty list, before they have caught up', async () => {
    const log = new TestLog();
    log.claimedHead = end;
    const model = await opened(log);
    expect(model.isReady()).toBe(false);
    await expect(count(model)).rejects.toThrow(ReadModelNotReady);
    log.push(...past);
    expect(await model.waitFor(end, 100_000)).toBe(true);
    expect(await count(model)).toBeGreaterThan(0);
  });

  it('are for reading: nobody but the runner writes', async () => {
    const model = await opened(new TestLog(past));
    await model.waitFor(end, 100_000);
    await expect(model.read((rows) => rows.delete(FlavorRow, { id: '1' }))).rejects.toThrow(/read-?only/);
  });

  it('go on where they were after a restart', async () => {
    const before = await builtAndClosed();
    const log = new TestLog(past);
    const model = await opened(log);
    await eventually('ready', () => model.isReady());
    expect(log.subscriptions).toEqual([end]);
    expect(await dump(model)).toBe(before);
  });

  it('are the same to the byte when they are deleted and built anew', async () => {
    const before = await builtAndClosed();
    await dropReadModels(test.database);
    expect(await generations()).toEqual([]);
    expect(await builtAndClosed()).toBe(before);
  });

  it('are built anew when they are damaged', async () => {
    const before = await builtAndClosed();
    await damage();
    const told = new Told();
    const model = await opened(new TestLog(past), { logger: told });
    await model.waitFor(end, 100_000);
    expect(told.errors).toMatchObject([{ message: 'read model: the database is damaged, building it anew' }]);
    expect(await dump(model)).toBe(before);
  });

  it('let no reader see half a batch', async () => {
    const log = new TestLog();
    const model = await opened(log);
    await eventually('ready', () => model.isReady());
    const both =
      'SELECT (SELECT count(*) FROM quota_item_v1) AS items, (SELECT coalesce(sum(instances), 0) FROM quota_v1) AS used';
    for (let n = 0; n < past.length; n += 7) {
      log.push(...past.slice(n, n + 7));
      const [seen] = await model.read((rows) => rows.query<{ items: number; used: number }[]>(both));
      expect(seen?.items).toBe(seen?.used);
      await setImmediate();
    }
    await model.waitFor(end, 100_000);
    expect(await model.read((rows) => rows.count(QuotaItemRow))).toBeGreaterThan(0);
  });
});

describe('a later generation', () => {
  it('is built beside the old one, which answers until then, and takes over without an error to any reader', async () => {
    const before = await builtAndClosed();
    const [old] = await generations();
    const log = new TestLog(past.slice(0, 20));
    log.claimedHead = end;
    const model = await opened(log, { projections: later });
    expect(await generations()).toHaveLength(2);
    expect(await dump(model).then((text) => text.length)).toBeGreaterThan(1_000);
    expect(model.position).toBe(end);
    expect(await model.waitFor(end + 1n, 60_000)).toBe(false);

    let [reads, reading] = [0, true];
    const readers = Array.from({ length: 4 }, async () => {
      for (; reading; reads += 1) {
        expect(await count(model)).toBeGreaterThan(0);
        await setImmediate();
      }
    });
    log.push(...past.slice(20));
    await eventually('the old one is gone', async () => !(await generations()).includes(old ?? ''));
    reading = false;
    await Promise.all(readers);
    expect(reads).toBeGreaterThan(4);
    expect(await generations()).toHaveLength(1);
    await model.waitFor(end, 100_000);
    expect(await dump(model)).toBe(before);
  });

  it('does not answer from an old one whose tables have another shape', async () => {
    await builtAndClosed();
    const [old = ''] = await generations();
    const source = await generationsIn(test.database).openWriter(old);
    await source.query('ALTER TABLE server_v1 DROP COLUMN description');
    await source.destroy();
    const log = new TestLog();
    log.claimedHead = end;
    const model = await opened(log, { projections: later });
    expect(model.isReady()).toBe(false);
    log.push(...past);
    await model.waitFor(end, 100_000);
    expect(await model.read((rows) => rows.count(ServerRow))).toBeGreaterThan(0);
  });

  it('does not answer from an old one that was never complete', async () => {
    const unfinished = new TestLog(past.slice(0, 10));
    unfinished.claimedHead = end;
    const first = await opened(unfinished);
    await first.waitFor(past[9]?.position ?? 0n, 100_000);
    await first.close();
    open.pop();
    const log = new TestLog();
    log.claimedHead = end;
    expect((await opened(log, { projections: later })).isReady()).toBe(false);
  });
});
