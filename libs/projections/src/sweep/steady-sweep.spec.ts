import { parseStream } from '@cairn/domain';
import type { EventStore, LogMessage, Position, RecordedEvent } from '@cairn/event-store';
import { generationsIn } from '../database/generations';
import { openReadModel } from '../open-read-model';
import type { ReadModel } from '../read-model';
import { FlavorRow, ServerRow } from '../read-models';
import { groupsOf } from '../runner/generation';
import type { EntityOf } from '../runner/row-store';
import { SqlRowStore } from '../runner/sql-row-store';
import { projections } from '../projections';
import { eventually } from '../testing/eventually';
import { cloudOf } from '../testing/histories';
import { fastTime, Told } from '../testing/runtime';
import { testDatabase, type TestDatabase } from '../testing/test-database';
import { TestLog } from '../testing/test-log';
import { SteadySweep } from './steady-sweep';
import type { Swept } from './row-sweep';

/** Whether a server and a flavor are there after half of a past whose rows nothing changes later. */
function hasQuietRows(events: readonly RecordedEvent[]): boolean {
  const middle = Math.floor(events.length / 2);
  const [before, after] = [events.slice(0, middle), new Set(events.slice(middle).map(({ stream }) => stream))];
  const ends = (stream: string): boolean => before.some((one) => one.stream === stream && /deleted/.test(one.type));
  return ['instance.launch-requested.v1', 'flavor.created.v1'].every((type) =>
    before.some((one) => one.type.startsWith(type) && !after.has(one.stream) && !ends(one.stream)),
  );
}

function pastWithQuietRows(): readonly RecordedEvent[] {
  for (let seed = 14; ; seed += 1) {
    const { log: events } = cloudOf({ seed, steps: 200 });
    if (hasQuietRows(events)) return events;
  }
}

const past = pastWithQuietRows();
const half = Math.floor(past.length / 2);

class ReadableLog extends TestLog {
  readonly all: RecordedEvent[] = [];
  reads = 0;

  /** What the sweep asks for: it does not wait for more. */
  async *upToNow(after: Position | undefined): AsyncIterable<LogMessage> {
    for (const event of this.all.filter(({ position }) => position > (after ?? -1n)))
      yield await Promise.resolve({ kind: 'event', event } as const);
    yield { kind: 'caught-up' };
  }

  override push(...events: readonly RecordedEvent[]): void {
    this.all.push(...events);
    super.push(...events);
  }

  async *read(stream: string, from = 0n): ReturnType<EventStore['read']> {
    for (const event of this.all) {
      if (event.stream !== stream || event.revision < from) continue;
      this.reads += 1;
      yield await Promise.resolve(event);
    }
  }
}

let test: TestDatabase;
let log: ReadableLog;
let model: ReadModel;
const swept: Swept[] = [];
const errors: unknown[] = [];

beforeEach(async () => {
  [swept.length, errors.length] = [0, 0];
  test = await testDatabase();
  log = new ReadableLog();
  log.push(...past.slice(0, half));
  model = await openReadModel({ database: test.database, log, timer: fastTime, logger: new Told(), batchSize: 3 });
  await eventually('the read model is ready', () => model.isReady());
});

afterEach(async () => {
  await model.close();
  await test.remove();
});

const asSwept = (): Pick<EventStore, 'head' | 'read' | 'subscribe'> => ({
  head: () => log.head(),
  read: (stream, from) => log.read(stream, from),
  subscribe: (after) => log.upToNow(after),
});

const steady = (eventsPerSecond: number, now = (): number => performance.now()): SteadySweep =>
  new SteadySweep({
    database: test.database,
    log: asSwept(),
    timer: fastTime,
    now,
    eventsPerSecond,
    onSwept: (one) => swept.push(one),
    onError: (error) => errors.push(error),
  });

const differences = (): readonly string[] =>
  swept.flatMap((one) => one.differences).map(({ entity, kind, mended }) => `${entity.name} ${kind} ${String(mended)}`);

/** Takes a row away as a bug would, while the runner follows the log. */
async function lose(group: string, entity: EntityOf): Promise<void> {
  const found = groupsOf(projections).find(({ name }) => name === group);
  const source = await generationsIn(test.database).openWriter(found?.generation ?? '', found?.entities ?? []);
  const store = new SqlRowStore(source);
  const rows = await source.manager.find(entity);
  // an event of a row that is not there would park its stream
  const row = rows.find(({ id }) => !past.slice(half).some(({ stream }) => parseStream(stream)?.id === id));
  if (row === undefined) throw new Error(`there is no row of ${group} to lose`);
  const { position } = await store.checkpoint();
  await store.advance(position, position ?? '', (tx) => tx.remove(entity, [row.id]));
  await source.destroy();
}

it('goes through everything in one round, and finds what is wrong while more is written', async () => {
  await model.waitFor(past[half - 1]?.position ?? 0n, 10_000);
  await lose('flavors', FlavorRow);
  await lose('servers', ServerRow);
  const writing = (async (): Promise<void> => {
    for (const event of past.slice(half)) {
      log.push(event);
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  const signal = new AbortController().signal;
  await steady(1_000_000).round(signal);
  await writing;
  await model.waitFor(past.at(-1)?.position ?? 0n, 10_000);
  await steady(1_000_000).round(signal);
  expect([...differences()].sort()).toEqual(['FlavorRow missing true', 'ServerRow missing true']);
  swept.length = 0;
  await steady(1_000_000).round(signal);
  expect(differences()).toEqual([]);
  expect(swept.reduce((sum, { compared }) => sum + compared, 0)).toBeGreaterThan(30);
});

it('reads no more events a second than it may', async () => {
  let time = 0;
  const stop = new AbortController();
  const timer = {
    sleep: (ms: number): Promise<void> => {
      time += ms;
      if (time > 60_000) stop.abort();
      return new Promise((resolve) => setImmediate(resolve));
    },
  };
  await new SteadySweep({
    database: test.database,
    log: asSwept(),
    timer,
    now: () => time,
    eventsPerSecond: 5,
    onSwept: (one) => swept.push(one),
    onError: (error) => errors.push(error),
  }).run(stop.signal);
  expect(log.reads).toBeLessThanOrEqual(60 * 5 + 200);
  expect(log.reads).toBeGreaterThan(20);
  expect(errors).toEqual([]);
});

it('goes on after an error', async () => {
  const stop = new AbortController();
  jest.spyOn(log, 'read').mockImplementationOnce(() => {
    throw new Error('the store went away');
  });
  const running = steady(1_000_000).run(stop.signal);
  await eventually('the error is told', () => errors.length === 1);
  stop.abort();
  await running;
});
