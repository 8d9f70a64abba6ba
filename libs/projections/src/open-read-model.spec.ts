import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { LogMessage } from '@cairn/event-store';
import { generationsIn } from './database/generations';
import { ReadModelNotReady } from './errors';
import { dropReadModels, openReadModel, type ReadModelOptions } from './open-read-model';
import type { AnyProjection, Row } from './projection';
import { projections } from './projections';
import type { ReadModel } from './read-model';
import { type Group, groupsOf } from './runner/generation';
import { FlavorRow, HostClaimRow, QuotaRow, ServerRow } from './read-models';
import type { EntityOf } from './runner/row-store';
import { eventually } from './testing/eventually';
import { cloudOf } from './testing/histories';
import { fastTime, Told } from './testing/runtime';
import { testDatabase, type TestDatabase } from './testing/test-database';
import { TestLog } from './testing/test-log';
import { rowsAfter } from './testing/timeline';

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

/** Every row of every read model, as text. */
const dump = (model: ReadModel): Promise<string> =>
  model.read(async (rows) => {
    const tables: unknown[] = [];
    for (const { entity } of projections) tables.push(await rows.find(entity, { order: { id: 'ASC' } }));
    return JSON.stringify(tables);
  });

const count = (model: ReadModel): Promise<number> => model.read((rows) => rows.count(FlavorRow));

/** A group of this build. */
function groupOf(name: string): Group {
  const found = groupsOf(projections).find((group) => group.name === name);
  if (found === undefined) throw new Error(`no group ${name}`);
  return found;
}

const generations = (): Promise<readonly string[]> => generationsIn(test.database).all();

/** Makes what is stored unusable. */
async function damage(): Promise<void> {
  const { generation, entities } = groupOf('servers');
  if (test.database.type === 'sqlite') {
    const file = join(test.database.directory, `read-model-${generation}.sqlite`);
    await writeFile(file, 'no database, but long enough to be read as one'.repeat(100));
    return;
  }
  const writer = await generationsIn(test.database).openWriter(generation, entities);
  await writer.query('DROP TABLE server_v2');
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

  it('are the same to the byte when they are deleted and built again', async () => {
    const before = await builtAndClosed();
    await dropReadModels(test.database);
    expect(await generations()).toEqual([]);
    expect(await builtAndClosed()).toBe(before);
  });

  it('are built again when they are damaged', async () => {
    const before = await builtAndClosed();
    await damage();
    const told = new Told();
    const model = await opened(new TestLog(past), { logger: told });
    await model.waitFor(end, 100_000);
    expect(told.errors).toMatchObject([{ message: 'read model: a group is damaged, building it again' }]);
    expect(await dump(model)).toBe(before);
  });

  it('let no reader see half a batch', async () => {
    const log = new TestLog();
    const model = await opened(log);
    await eventually('ready', () => model.isReady());
    const both =
      'SELECT (SELECT count(*) FROM host_claim_v1) AS items, (SELECT coalesce(sum(running_vms), 0) FROM host_v2) AS used';
    for (let n = 0; n < past.length; n += 7) {
      log.push(...past.slice(n, n + 7));
      const [seen] = await model.read((rows) => rows.query<{ items: number; used: number }[]>(both));
      expect(seen?.items).toBe(seen?.used);
      await setImmediate();
    }
    await model.waitFor(end, 100_000);
    const times = (name: string): number => past.filter(({ type }) => type === `host.capacity-${name}.v2`).length;
    expect(await model.read((rows) => rows.count(HostClaimRow))).toBe(times('claimed') - times('released'));
  });
});

describe('a later generation', () => {
  it('is built beside the old one, which answers until then, and takes over without an error to any reader', async () => {
    const before = await builtAndClosed();
    const old = await generations();
    const log = new TestLog(past.slice(0, 20));
    log.claimedHead = end;
    const model = await opened(log, { projections: later });
    expect(await generations()).toHaveLength(2 * old.length);
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
    await eventually('the old one is gone', async () => (await generations()).length === old.length);
    reading = false;
    await Promise.all(readers);
    expect(reads).toBeGreaterThan(4);
    expect((await generations()).filter((one) => old.includes(one))).toEqual([]);
    await model.waitFor(end, 100_000);
    expect(await dump(model)).toBe(before);
  });

  it('does not answer from an old one whose tables have another shape', async () => {
    await builtAndClosed();
    const { generation, entities } = groupOf('servers');
    const source = await generationsIn(test.database).openWriter(generation, entities);
    await source.query('ALTER TABLE server_v2 DROP COLUMN description');
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

describe('a group of read models', () => {
  const servers: readonly AnyProjection[] = projections.map((each) =>
    each.group === 'servers' ? { ...each, version: each.version + 1 } : each,
  );
  const old = past.slice(0, -40);
  const oldEnd = old.at(-1)?.position ?? 0n;

  /** Gives no event to who reads it from the start, until it may. */
  class SlowAtStart extends TestLog {
    release: () => void = () => undefined;
    private readonly released = new Promise<void>((resolve) => {
      this.release = resolve;
    });

    override async *subscribe(after: bigint | undefined, signal: AbortSignal): AsyncIterable<LogMessage> {
      if (after === undefined) await Promise.race([this.released, once(signal, 'abort')]);
      yield* super.subscribe(after, signal);
    }
  }

  const rows = (model: ReadModel, entity: EntityOf): Promise<readonly Row[]> =>
    model.read((manager) => manager.find(entity, { order: { id: 'ASC' } }));

  async function builtTo(events: typeof past): Promise<void> {
    const model = await opened(new TestLog(events));
    await eventually('ready', () => model.isReady());
    await model.waitFor(events.at(-1)?.position ?? 0n, 100_000);
    await model.close();
    open.pop();
  }

  it('is built alone when its fold has changed: the others follow the log meanwhile, and are not touched', async () => {
    await builtTo(old);
    const before = await generations();
    const log = new SlowAtStart(old);
    const model = await opened(log, { projections: servers });
    await eventually('ready', () => model.isReady());
    const shown = await rows(model, ServerRow);
    log.push(...past.slice(old.length));
    expect(await model.waitFor(end, 100_000, ['quotas', 'hosts'])).toBe(true);
    expect(await model.waitFor(end, 1_000)).toBe(false);
    expect(model.position).toBe(oldEnd);
    const expected = await rowsAfter(past);
    expect((await rows(model, QuotaRow)).map((row) => ({ ...row }))).toEqual(expected.all(QuotaRow));
    expect(await rows(model, ServerRow)).toEqual(shown);
    log.release();
    await eventually('the old one is gone', async () => (await generations()).length === before.length);
    expect((await generations()).filter((one) => !before.includes(one))).toHaveLength(1);
    await eventually('all show everything', () => model.waitFor(end, 1_000));
    for (const { entity } of projections)
      expect((await rows(model, entity)).map((row) => ({ ...row }))).toEqual(expected.all(entity));
    expect(log.subscriptions.filter((after) => after === undefined)).toHaveLength(1);
  });

  it('joins the subscription of the others when it has caught up', async () => {
    await builtTo(old);
    const log = new TestLog(old);
    const model = await opened(log, { projections: servers });
    await eventually('joined', () => log.subscriptions.length === 3);
    log.push(...past.slice(old.length));
    expect(await model.waitFor(end, 100_000)).toBe(true);
    const expected = await rowsAfter(past);
    for (const { entity } of projections)
      expect((await rows(model, entity)).map((row) => ({ ...row }))).toEqual(expected.all(entity));
    expect(log.subscriptions.filter((after) => after !== undefined)).toEqual([oldEnd, oldEnd]);
  });

  it('alone does not answer while it is made for the first time', async () => {
    await builtTo(past);
    await generationsIn(test.database).remove(groupOf('servers').generation);
    const log = new SlowAtStart(past);
    const model = await opened(log);
    expect(await model.waitFor(end, 100_000, ['flavors'])).toBe(true);
    await eventually('the others answer', () => count(model).then(Boolean, () => false));
    await expect(rows(model, ServerRow)).rejects.toThrow(ReadModelNotReady);
    await expect(model.rowsWith(ServerRow, { deleted: false })).rejects.toThrow(ReadModelNotReady);
    expect(model.isReady()).toBe(false);
    log.release();
    await eventually('ready', () => model.isReady());
    expect(await rows(model, ServerRow)).not.toEqual([]);
  });
});

describe('the groups', () => {
  const groups = groupsOf(projections);

  it('are few enough for SQLite to read them through one connection, which attaches ten files to the first', () => {
    expect(groups.length).toBeLessThanOrEqual(11);
  });

  it('hold what their folds need of other read models', () => {
    for (const { entities, projections: folds } of groups)
      for (const { related } of folds) if (related !== undefined) expect(entities).toContain(related.entity);
  });
});
