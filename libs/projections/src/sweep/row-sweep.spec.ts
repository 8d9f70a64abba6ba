import { type Category, deriveId, parseStream } from '@cairn/domain';
import type { EventStore, RecordedEvent } from '@cairn/event-store';
import type { DataSource } from 'typeorm';
import { generationsIn } from '../database/generations';
import { foldReadModel } from '../fold-read-model';
import type { AnyProjection, Row } from '../projection';
import { projections } from '../projections';
import { groupsOf } from '../runner/generation';
import { SqlRowStore } from '../runner/sql-row-store';
import { ACTED_ON } from '../../../domain/src/testing/model';
import { choosing, cloudOf } from '../testing/histories';
import { actAtRandom, request } from '../testing/tenants';
import { testDatabase, type TestDatabase } from '../testing/test-database';
import { rowsAfter } from '../testing/timeline';
import type { Choose, TinyCloud } from '../testing/tiny-cloud';
import { type RowCursor, RowSweep, type Swept } from './row-sweep';

const STEPS = 150;
let past: readonly RecordedEvent[] = [];
let later: readonly RecordedEvent[] = [];
let streamsOf: readonly string[] = [];

/** A past at whose end every table has rows: a random one, and then requests to those streams whose tables have none. */
async function choosePast(): Promise<void> {
  for (let seed = 1; past.length === 0; seed += 1) {
    const cloud = cloudOf({ seed, steps: STEPS });
    const choose = choosing(-seed);
    for (let tries = 0; tries < 20; tries += 1) {
      const model = await rowsAfter(cloud.log);
      const lacking = projections.filter(({ entity }) => model.all(entity).length === 0);
      if (lacking.length === 0) {
        past = [...cloud.log];
        for (let step = STEPS; step < STEPS + 30; step += 1) actAtRandom(cloud, choose, step);
        later = cloud.log;
        break;
      }
      for (const { owner } of lacking) askOf(cloud, choose, owner.category, tries);
    }
  }
  streamsOf = [...new Set(past.map(({ stream }) => stream))];
}

/** One of the streams is new, for what was deleted cannot be made again; but a category of one stream has no other. */
function askOf(cloud: TinyCloud, choose: Choose, category: Category, tries: number): void {
  const known = ACTED_ON.find((one) => one.category === category)?.streams;
  const fresh = known?.length === 1 ? [] : [deriveId(category, tries)];
  const streams = known === undefined ? cloud.ids(category) : [...known, ...fresh];
  for (let i = 0; i < 10; i += 1) {
    request(cloud, choose, category, streams);
    cloud.settleOne();
  }
}

const logOf = (events: readonly RecordedEvent[]): Pick<EventStore, 'read'> => ({
  async *read(stream, from = 0n) {
    for (const event of events)
      if (event.stream === stream && event.revision >= from) yield await Promise.resolve(event);
  },
});

let test: TestDatabase;
let whole: readonly unknown[];

beforeAll(async () => {
  await choosePast();
  test = await testDatabase();
  await foldReadModel({ database: test.database, history: () => Promise.resolve('h') }, inOne(past));
  whole = await dump();
});

afterAll(async () => {
  await opened?.close();
  for (const source of sources.values()) await source.destroy();
  await test.remove();
});

async function* inOne(events: readonly RecordedEvent[]): AsyncIterable<readonly RecordedEvent[]> {
  yield await Promise.resolve(events);
}

const sources = new Map<string, DataSource>();

async function sourceOf(projection: AnyProjection): Promise<DataSource> {
  const known = sources.get(projection.group);
  if (known !== undefined) return known;
  const group = groupsOf(projections).find(({ name }) => name === projection.group);
  const source = await generationsIn(test.database).openWriter(group?.generation ?? '', group?.entities ?? []);
  sources.set(projection.group, source);
  return source;
}

/** Works on the tables of a projection's group as a bug would. */
async function withStore<T>(
  projection: AnyProjection,
  work: (store: SqlRowStore, rows: readonly Row[]) => Promise<T>,
): Promise<T> {
  const source = await sourceOf(projection);
  const rows = await source.manager.find(projection.entity, { order: { id: 'ASC' } });
  return work(
    new SqlRowStore(source),
    rows.map((row) => ({ ...row })),
  );
}

/** The order of keys in a column of documents means nothing. */
async function dump(): Promise<readonly unknown[]> {
  const tables: unknown[] = [];
  for (const each of projections) tables.push(await withStore(each, (_store, rows) => Promise.resolve(rows)));
  return tables;
}

const change = (projection: AnyProjection, put: readonly Row[], remove: readonly string[] = []): Promise<void> =>
  withStore(projection, async (store) => {
    const { position } = await store.checkpoint();
    await store.advance(position, position ?? '', async (tx) => {
      if (remove.length > 0) await tx.remove(projection.entity, remove);
      if (put.length > 0) await tx.put(projection.entity, put);
    });
  });

let opened: RowSweep | undefined;

/** All of it: the log's streams, and those of rows that no stream of the log explains. */
async function sweep(): Promise<Swept> {
  opened ??= await RowSweep.open({ database: test.database, log: logOf(past) });
  return sweepAll(opened);
}

async function sweepAll(one: RowSweep): Promise<Swept> {
  const streams = new Set([...streamsOf.filter((stream) => one.concerns(stream)), ...(await ownersIn(one))]);
  return one.compare([...streams]);
}

/** The streams of all rows. */
async function ownersIn(one: RowSweep): Promise<readonly string[]> {
  const named: string[] = [];
  let cursor: RowCursor | undefined;
  do {
    const { streams, next } = await one.owners(7, cursor);
    named.push(...streams);
    cursor = next;
  } while (cursor !== undefined);
  return named;
}

const found = ({ differences }: Pick<Swept, 'differences'>): readonly string[] =>
  differences.map(({ entity, key, kind, columns, mended }) => [entity.name, key, kind, ...columns, mended].join(' '));

/** What a bug might leave in a column instead of what is there. */
function another(value: unknown): unknown {
  switch (typeof value) {
    case 'number':
      return value + 1;
    case 'boolean':
      return !value;
    case 'string':
      return value.length >= 20 ? value.slice(1) : `${value}x`;
    default:
      return Array.isArray(value) ? [...(value as unknown[]), 'x'] : { ...(value as object), x: 'y' };
  }
}

it('finds nothing where nothing is wrong', async () => {
  const swept = await sweep();
  expect(swept).toMatchObject({ moving: [], parked: [], differences: [] });
  expect(swept.compared).toBeGreaterThan(30);
  expect(await dump()).toEqual(whole);
});

it('names the stream of every row, also where the log has none', async () => {
  opened ??= await RowSweep.open({ database: test.database, log: logOf(past) });
  const named = await ownersIn(opened);
  const categories = new Set(named.map((stream) => parseStream(stream)?.category));
  expect(categories).toEqual(new Set(projections.map(({ owner }) => owner.category)));
});

describe.each(projections)('of $name, a sweep finds and mends', (projection) => {
  const { entity, owner } = projection;

  afterEach(async () => {
    expect(await dump()).toEqual(whole);
    expect((await sweep()).differences).toEqual([]);
  });

  it('a row that is missing', async () => {
    const [row] = await withStore(projection, (_store, rows) => Promise.resolve(rows));
    await change(projection, [], [row?.id ?? '']);
    expect(found(await sweep())).toEqual([`${entity.name} ${row?.id ?? ''} missing true`]);
  });

  it('a row too many, of a stream that there is or of none', async () => {
    const [row] = await withStore(projection, (_store, rows) => Promise.resolve(rows));
    const same = { ...row, id: '77001' } as Row;
    const strange =
      owner.column === null ? { ...same, id: '77002' } : { ...same, [owner.column]: '77002', id: '77002' };
    await change(projection, [same, strange, { ...strange, id: '' }]);
    expect([...found(await sweep())].sort()).toEqual([
      `${entity.name}  unexplained true`,
      `${entity.name} 77001 unexplained true`,
      `${entity.name} 77002 unexplained true`,
    ]);
  });

  it('a wrong value in any column, each by its name', async () => {
    const rows = await withStore(projection, (_store, all) => Promise.resolve(all));
    for (const row of rows.slice(0, 3)) {
      const wrong = Object.entries(row).filter(
        ([name, value]) => name !== 'id' && name !== owner.column && value !== null,
      );
      if (wrong.length === 0) continue;
      const put = { ...row, ...Object.fromEntries(wrong.map(([name, value]) => [name, another(value)])) };
      await change(projection, [put]);
      const [difference, ...others] = (await sweep()).differences;
      expect([difference?.entity.name, difference?.key, difference?.kind]).toEqual([entity.name, row.id, 'wrong']);
      expect([...(difference?.columns ?? [])].sort()).toEqual(wrong.map(([name]) => name).sort());
      expect(others).toEqual([]);
    }
  });

  it('text in a column of documents that is none, as a file that was damaged has', async () => {
    const source = await sourceOf(projection);
    const names = source
      .getMetadata(entity)
      .columns.filter(({ type, transformer }) => type === 'text' && transformer)
      .map(({ propertyName }) => propertyName)
      .sort();
    if (names.length === 0) return;
    const [row] = await source.manager.find(entity, { order: { id: 'ASC' }, take: 1 });
    const set = Object.fromEntries(names.map((name) => [name, (): string => "'{'"]));
    await source.createQueryBuilder().update(entity).set(set).where({ id: row?.id }).execute();
    const differences = (await sweep()).differences.map((one) => ({ ...one, columns: [...one.columns].sort() }));
    expect(found({ differences })).toEqual([[entity.name, row?.id, 'wrong', ...names, true].join(' ')]);
  });

  it('a row that stands under the wrong owner', async () => {
    const [row] = await withStore(projection, (_store, rows) => Promise.resolve(rows));
    if (owner.column === null || owner.column === 'id' || row === undefined) return;
    await change(projection, [{ ...row, [owner.column]: 'nobody' }]);
    expect(found(await sweep()).join()).toContain(row.id);
  });

  it('any event that it has missed', async () => {
    const shown = past.filter(
      ({ type, stream }) => type in projection.types && parseStream(stream)?.category === owner.category,
    );
    const step = Math.max(1, Math.floor(shown.length / 4));
    for (let i = 0; i < shown.length; i += step) {
      const missed = shown[i];
      const rest = past.filter((event) => event !== missed && event.stream === missed?.stream);
      const model = await rowsAfter(rest, Math.max(1, rest.length), [projection]).catch(() => undefined);
      if (model === undefined) continue;
      const rows = await withStore(projection, (_store, all) => Promise.resolve(all));
      const column = owner.column ?? 'id';
      const own = rows.filter(
        (row) =>
          owner.column === null ||
          (row as unknown as Record<string, unknown>)[column] === parseStream(missed?.stream ?? '')?.id,
      );
      const kept = new Set(model.all(entity).map(({ id }) => id));
      await change(
        projection,
        model.all(entity),
        own.flatMap(({ id }) => (kept.has(id) ? [] : [id])),
      );
      const { differences } = await sweep();
      expect(differences.every(({ mended, stream }) => mended && stream === missed?.stream)).toBe(true);
      expect(await dump()).toEqual(whole);
    }
  });
});

it('leaves alone what is merely behind', async () => {
  expect(later.length).toBeGreaterThan(past.length);
  const ahead = await RowSweep.open({ database: test.database, log: logOf(later) });
  const swept = await sweepAll(ahead);
  await ahead.close();
  expect(swept.differences).toEqual([]);
  expect(await dump()).toEqual(whole);
});
