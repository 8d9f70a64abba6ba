import type { RecordedEvent } from '@cairn/event-store';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generationsIn } from './database/generations';
import { ReadModelNotReady } from './errors';
import { openReadModel, parkedStreams } from './open-read-model';
import { projections } from './projections';
import type { ReadModel } from './read-model';
import { FlavorRow, ServerRow } from './read-models';
import { groupsOf } from './runner/generation';
import { eventually } from './testing/eventually';
import { cloudOf } from './testing/histories';
import { fastTime, Told } from './testing/runtime';
import { testDatabase, type TestDatabase } from './testing/test-database';
import { TestLog } from './testing/test-log';

const { log: past } = cloudOf({ seed: 7, steps: 200 });
const end = past.at(-1)?.position ?? 0n;
const later = (n: number): bigint => end + BigInt(n) * 64n;

let test: TestDatabase;
let told: Told;
let model: ReadModel;
let resumed: number;

async function opened(log: TestLog): Promise<ReadModel> {
  [told, resumed] = [new Told(), 0];
  const onResumed = (): void => {
    resumed += 1;
  };
  model = await openReadModel({ database: test.database, log, timer: fastTime, logger: told, onResumed });
  return model;
}

beforeEach(async () => {
  test = await testDatabase();
});
afterEach(async () => {
  await model.close();
  await test.remove();
});

const dump = (): Promise<string> =>
  model.read(async (rows) => {
    const tables: unknown[] = [];
    for (const { entity } of projections) tables.push(await rows.find(entity, { order: { id: 'ASC' } }));
    return JSON.stringify(tables);
  });

const group = (name: string): ReturnType<typeof groupsOf>[number] => {
  const found = groupsOf(projections).find((one) => one.name === name);
  if (found === undefined) throw new Error(`no group ${name}`);
  return found;
};

/** Does something to the tables of the servers, beside those who use them. */
async function toServers(sql: string): Promise<void> {
  const { generation } = group('servers');
  const beside = await generationsIn(test.database).openWriter(generation, []);
  await beside.query(sql);
  await beside.destroy();
}

/** A flavor as the log has it, with other data. */
function flavor(n: number, data: object): RecordedEvent {
  const created = past.find(({ type }) => type === 'flavor.created.v1') as RecordedEvent;
  const id = `f-${String(n)}`;
  const said = { ...created.data, flavorId: id, name: id, ...data };
  return { ...created, id: `e-${String(n)}`, stream: `flavor-${id}`, revision: 0n, position: later(n), data: said };
}

const names = async (): Promise<readonly string[]> =>
  (await model.read((rows) => rows.find(FlavorRow))).map(({ name }) => name).filter((name) => name.startsWith('f-'));

describe('read models that are damaged while they are used', () => {
  it('answer nothing wrong meanwhile, are built again from the log, and go on', async () => {
    const log = new TestLog(past);
    await opened(log);
    await model.waitFor(end, 100_000);
    const before = await dump();
    await toServers('DROP TABLE server_v2');
    await expect(model.read((rows) => rows.count(ServerRow))).rejects.toThrow(ReadModelNotReady);
    await eventually('they answer again', () => model.isReady());
    expect(await dump()).toBe(before);
    expect(told.notices).toEqual([expect.stringMatching(/^the read models servers were damaged .*built again/)]);
    expect(resumed).toBe(1);
    expect(log.subscriptions.filter((after) => after === end)).not.toEqual([]); // the others went on where they were
    log.push(flavor(1, {}));
    expect(await model.waitFor(later(1), 100_000)).toBe(true);
    expect(await names()).toEqual(['f-1']);
  });

  it('are mended when only their writer notices', async () => {
    const log = new TestLog(past);
    await opened(log);
    await model.waitFor(end, 100_000);
    await toServers('DROP TABLE checkpoint');
    const server = past.find(({ type }) => type === 'instance.launch-requested.v1') as RecordedEvent;
    log.push({
      ...server,
      stream: 'instance-other',
      position: later(1),
      data: { ...server.data, instanceId: 'other' },
    });
    await eventually('told', () => told.notices.length > 0);
    await eventually('they show it', () => model.waitFor(later(1), 1_000));
    expect(await model.read((rows) => rows.countBy(ServerRow, { id: 'other' }))).toBe(1);
  });

  it.each(['checkpoint', 'server_v2', 'log_history'])(
    'are built again when a table was lost while nobody used them: %s',
    async (table) => {
      const log = new TestLog(past);
      await opened(log);
      await model.waitFor(end, 100_000);
      await eventually('they answer', () => model.isReady());
      const before = await dump();
      await model.close();
      await toServers(`DROP TABLE ${table}`);
      await opened(log);
      await model.waitFor(end, 100_000);
      await eventually('they answer', () => model.isReady());
      expect(await dump()).toBe(before);
      expect(told.notices).toEqual([expect.stringMatching(/^the read models servers were damaged .*built again/)]);
    },
  );

  it('put a damaged file aside', async () => {
    if (test.database.type !== 'sqlite') return;
    const file = join(test.database.directory, `read-model-${group('flavors').generation}.sqlite`);
    await opened(new TestLog(past));
    await model.waitFor(end, 100_000);
    await model.close();
    await writeFile(file, 'no database, but long enough to be read as one'.repeat(100));
    await opened(new TestLog(past));
    await model.waitFor(end, 100_000);
    await eventually('they answer', () => model.isReady());
    expect(told.notices).toEqual([expect.stringMatching(/^the read models flavors were damaged/)]);
    await expect(generationsIn(test.database).all()).resolves.toHaveLength(groupsOf(projections).length);
  });
});

describe('an event whose row the database refuses', () => {
  const nested = (depth: number): unknown => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);

  const image = {
    ...{ imageId: 'deep', projectId: 'p', name: null, visibility: 'private', diskFormat: null, containerFormat: null },
    ...{ minDiskGb: 0, minRamMb: 0, protected: false, tags: [], properties: { deep: nested(200_000) } },
  };
  it.each([
    ['a value is missing', flavor(2, { name: null })],
    ['a text is no text', flavor(2, { name: { not: 'a text' } })],
    [
      'a document is too deep to be written',
      { ...flavor(2, {}), type: 'image.created.v1', stream: 'image-deep', data: image },
    ],
  ])('parks its stream and holds nothing up: %s', async (_what, bad) => {
    for (const built of [true, false]) {
      const more = [flavor(1, {}), bad, flavor(3, {})];
      const log = new TestLog(built ? past : [...past, ...more]);
      await opened(log);
      await model.waitFor(end, 100_000);
      if (built) log.push(...more);
      await eventually('all is applied', () => model.waitFor(later(3), 1_000));
      await eventually('they answer', () => model.isReady());
      expect(await names()).toEqual(['f-1', 'f-3']);
      expect(await parkedStreams(test.database)).toMatchObject([{ id: bad.stream }]);
      expect(told.notices).toEqual([expect.stringContaining(`the rows of ${bad.stream} stand still`)]);
      await model.close();
      await test.remove();
      test = await testDatabase();
    }
  });
});
