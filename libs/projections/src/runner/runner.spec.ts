import { type DomainEvent, serverReservation } from '@cairn/domain';
import type { EventStore, LogMessage, RecordedEvent } from '@cairn/event-store';
import { CheckpointMoved, UnknownEvent } from '../errors';
import type { AnyProjection } from '../projection';
import { projections } from '../projections';
import { QuotaRow } from '../read-models';
import { eventually } from '../testing/eventually';
import { fastTime, Told } from '../testing/runtime';
import { TestLog } from '../testing/test-log';
import { position, recorded } from '../testing/timeline';
import { MemoryReadModel } from './memory-read-model';
import { positionText } from './position';
import { ReadModelRunner, type RunnerOptions } from './runner';
import { ParkedStreamRow } from './rows';

/** The n-th event: one server more in a project's quota. A count that is off by one shows what happened twice. */
function reserved(n: number, project = 'p1'): RecordedEvent {
  const reservations = [serverReservation(`i${String(n)}`, { vcpus: 1, ramMb: 1 })];
  const event: DomainEvent = { type: 'quota.reserved.v2', data: { reservations, settleAfter: '' } };
  return recorded(`quota-${project}`, event, n);
}

const usage = (rows: MemoryReadModel, project = 'p1'): number => rows.get(QuotaRow, project)?.usage['instances'] ?? 0;

/** Throws for the servers of one project. */
const failing = (project: string): readonly AnyProjection[] =>
  projections.map((projection) => ({
    ...projection,
    apply: (row, event, key, related) => {
      if (event.type === 'quota.reserved.v2' && event.streamId === project) throw new Error('cannot fold this');
      return projection.apply(row, event, key, related);
    },
  }));

const running: ReadModelRunner[] = [];

interface Started {
  readonly runner: ReadModelRunner;
  readonly rows: MemoryReadModel;
  readonly told: Told;
}

interface Options extends Partial<RunnerOptions> {
  readonly projections?: readonly AnyProjection[];
}

function start(log: RunnerOptions['log'], options: Options = {}, rows = new MemoryReadModel()): Started {
  const told = new Told();
  const groups = [{ projections: options.projections ?? projections, store: rows }];
  const runner = new ReadModelRunner({ log, groups, timer: fastTime, logger: told, ...options });
  running.push(runner);
  runner.start();
  return { runner, rows, told };
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((runner) => runner.stop()));
});

describe('the runner of the read models', () => {
  it('is ready when it has reached the head that it saw at start', async () => {
    const log = new TestLog([reserved(1)]);
    log.claimedHead = position(2);
    const { runner, rows } = start(log);
    expect(await runner.waitFor(position(1), 50_000)).toBe(true);
    expect(runner.isReady()).toBe(false);
    log.push(reserved(2));
    await eventually('ready', () => runner.isReady());
    expect(usage(rows)).toBe(2);
  });

  it('is ready at once where the log is empty', async () => {
    const { runner } = start(new TestLog());
    await eventually('ready', () => runner.isReady());
  });

  it('lets those who wait go on when the rows show their write, and not before', async () => {
    const log = new TestLog();
    const patient = { sleep: (): Promise<void> => new Promise(() => undefined) };
    const { runner, rows } = start(log, { timer: patient });
    const waiting = runner.waitFor(position(2), 60_000).then((reached) => ({ reached, usage: usage(rows) }));
    log.push(reserved(1));
    await eventually('applied', () => runner.position === position(1));
    log.push(reserved(2));
    expect(await waiting).toEqual({ reached: true, usage: 2 });
    expect(await runner.waitFor(position(1), 0)).toBe(true);
  });

  it('tells those who wait for too long that it is not there', async () => {
    const { runner } = start(new TestLog([reserved(1)]));
    expect(await runner.waitFor(position(2), 5)).toBe(false);
  });

  it('applies each event once, however often the subscription breaks', async () => {
    const log = new TestLog();
    const { runner, rows, told } = start(log);
    for (let n = 1; n <= 5; n += 1) {
      log.push(reserved(n));
      await eventually('applied', () => runner.position === position(n));
      log.break();
      await eventually('told', () => told.errors.length === n);
    }
    log.push(reserved(6));
    await eventually('applied', () => runner.position === position(6));
    expect(usage(rows)).toBe(6);
  });

  it('goes on from the stored checkpoint after a restart', async () => {
    const log = new TestLog([reserved(1), reserved(2)]);
    const first = start(log);
    await eventually('applied', () => first.runner.position === position(2));
    await first.runner.stop();
    log.push(reserved(3));
    const second = start(log, {}, first.rows);
    await eventually('applied', () => second.runner.position === position(3));
    expect(log.subscriptions).toEqual([undefined, position(2)]);
    expect(usage(first.rows)).toBe(3);
  });

  it('applies a batch again, and once, when its transaction broke', async () => {
    const log = new TestLog([reserved(1)]);
    const rows = new MemoryReadModel();
    const advance = rows.advance.bind(rows);
    let breaks = 3;
    rows.advance = (from, to, work) =>
      advance(from, to, async (tx) => {
        await work(tx);
        if (breaks-- > 0) throw new Error('power cut');
      });
    const { runner } = start(log, {}, rows);
    await eventually('applied', () => runner.position === position(1));
    expect(breaks).toBe(-1);
    expect(usage(rows)).toBe(1);
  });

  it('says that it goes on after an error also where another controller was first meanwhile', async () => {
    const rows = new MemoryReadModel();
    const markBuilt = jest.spyOn(rows, 'markBuilt');
    markBuilt.mockRejectedValueOnce(new Error('power cut')).mockRejectedValueOnce(new CheckpointMoved('1'));
    let resumed = 0;
    const { runner } = start(new TestLog(), { onResumed: () => (resumed += 1) }, rows);
    await eventually('ready', () => runner.isReady() && resumed > 0);
    expect(resumed).toBe(1);
  });

  it('cuts batches no larger than it may, and tells where it is after each', async () => {
    const applied: bigint[] = [];
    const log = new TestLog(Array.from({ length: 25 }, (_, i) => reserved(i + 1)));
    const { runner, rows } = start(log, { batchSize: 10, onApplied: (where) => applied.push(where) });
    await eventually('applied', () => runner.position === position(25));
    expect(applied.length).toBeGreaterThanOrEqual(3);
    expect(applied.at(-1)).toBe(position(25));
    expect(usage(rows)).toBe(25);
  });

  it('passes over streams that are not the domain’s, with any events', async () => {
    const foreign = ['agent-h1', 'relay-h1', 'snapshot-quota-p1', 'audit-2026-01-01', 'odd'];
    const log = new TestLog(foreign.map((stream, i) => recorded(stream, { type: 'what.ever.v9', data: {} }, i + 1)));
    const { runner } = start(log);
    expect(await runner.waitFor(position(foreign.length), 50_000)).toBe(true);
    expect(runner.failure).toBeUndefined();
  });

  it('stops with a name at an event that it does not know, after all that came before', async () => {
    const unknown = recorded('quota-p1', { type: 'quota.reserved.v9', data: {} }, 2);
    const { runner, rows, told } = start(new TestLog([reserved(1), unknown, reserved(3)]));
    await eventually('stopped', () => runner.failure !== undefined);
    expect(runner.failure).toBeInstanceOf(UnknownEvent);
    expect(runner.failure).toMatchObject({ stream: 'quota-p1', type: 'quota.reserved.v9', position: position(2) });
    expect(runner.isReady()).toBe(false);
    expect(usage(rows)).toBe(1);
    expect(told.errors.at(-1)?.details).toMatchObject({ type: 'quota.reserved.v9' });
    expect(await runner.waitFor(position(3), 60_000)).toBe(false);
  });

  it('parks a stream with an event that it cannot fold, says so, and goes on with the others', async () => {
    const log = new TestLog([reserved(1, 'p1'), reserved(2, 'bad'), reserved(3, 'p1')]);
    const { runner, rows, told } = start(log, { projections: failing('bad') });
    await eventually('applied', () => runner.position === position(3));
    expect([usage(rows, 'p1'), usage(rows, 'bad')]).toEqual([2, 0]);
    expect(rows.all(ParkedStreamRow)).toMatchObject([
      { id: 'quota-bad', eventType: 'quota.reserved.v2', reason: 'cannot fold this' },
    ]);
    expect(told.errors).toMatchObject([{ details: { stream: 'quota-bad' } }]);
  });

  it('leaves a parked stream alone after a restart, also when its events could be folded now', async () => {
    const log = new TestLog([reserved(1, 'bad')]);
    const { runner, rows } = start(log, { projections: failing('bad') });
    await eventually('applied', () => runner.position === position(1));
    await runner.stop();
    log.push(reserved(2, 'bad'), reserved(3));
    const second = start(log, {}, rows);
    await eventually('applied', () => second.runner.position === position(3));
    expect([usage(rows), usage(rows, 'bad')]).toEqual([1, 0]);
  });

  it('parks the stream of an event without a time', async () => {
    const timeless = { ...reserved(1, 'bad'), metadata: {} };
    const { runner, rows } = start(new TestLog([timeless, reserved(2)]));
    await eventually('applied', () => runner.position === position(2));
    expect([usage(rows), usage(rows, 'bad')]).toEqual([1, 0]);
  });

  it('stores where events are, not what the log says in between: its head may be before that', async () => {
    const messages: readonly LogMessage[] = [
      { kind: 'event', event: reserved(1) },
      { kind: 'checkpoint', position: position(9) },
    ];
    const log: Pick<EventStore, 'head' | 'history' | 'subscribe'> = {
      head: () => Promise.resolve(position(1)),
      history: () => Promise.resolve(undefined),
      subscribe: async function* (_after, signal) {
        yield* messages;
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve);
        });
      },
    };
    const { runner, rows } = start(log);
    await eventually('told', () => runner.position === position(9));
    expect(await rows.checkpoint()).toMatchObject({ position: positionText(position(1)), built: true });
  });

  it('starts over when its checkpoint is beyond the end of the log', async () => {
    const first = start(new TestLog([reserved(1), reserved(2), reserved(3)]));
    await eventually('applied', () => first.runner.position === position(3));
    await first.runner.stop();
    const { runner } = start(new TestLog([reserved(1)]), {}, first.rows);
    await eventually('ready', () => runner.isReady());
    expect(runner.position).toBe(position(1));
    expect(usage(first.rows)).toBe(1);
  });

  it.each([
    ['store/1', 'store/2'],
    ['store/1', 'other/1'],
    ['store/1', undefined],
    [undefined, 'store/1'],
  ])('starts over when the log was %s and is %s, also when that has grown beyond its checkpoint', async (was, is) => {
    const log = new TestLog([reserved(1), reserved(2)]);
    log.named = was;
    const first = start(log);
    await eventually('applied', () => first.runner.position === position(2));
    await first.runner.stop();
    const restored = new TestLog([reserved(1), reserved(2, 'p2'), reserved(3, 'p2')]);
    restored.named = is;
    const { runner, told } = start(restored, {}, first.rows);
    await eventually('applied', () => runner.position === position(3));
    expect([usage(first.rows), usage(first.rows, 'p2')]).toEqual([1, 2]);
    expect(await first.rows.history()).toBe(is ?? null);
    expect(told.errors).toHaveLength(1);
  });

  it('notices a restore also while it runs, and is not ready before the rows are those of the new history', async () => {
    const log = new TestLog([reserved(1), reserved(2)]);
    log.named = 'store/1';
    const { runner, rows } = start(log);
    await eventually('ready', () => runner.isReady());
    log.restore([reserved(1), reserved(3, 'p2')]);
    log.named = 'store/2';
    log.claimedHead = position(4);
    log.break();
    await eventually('applied', () => usage(rows, 'p2') === 1);
    expect(usage(rows)).toBe(1);
    expect(runner.isReady()).toBe(false);
    log.push(reserved(4, 'p2'));
    await eventually('ready', () => runner.isReady());
  });

  it('holds the log back while it cannot keep up', async () => {
    let given = 0;
    const endless: Pick<TestLog, 'head' | 'history' | 'subscribe'> = {
      history: () => Promise.resolve(undefined),
      head: () => Promise.resolve(position(1_000_000)),
      subscribe: async function* (_after, signal) {
        for (given = 0; !signal.aborted; given += 1) {
          yield { kind: 'event', event: await Promise.resolve(reserved(given + 1)) };
        }
      },
    };
    const blocked = new MemoryReadModel();
    blocked.advance = () => new Promise<void>(() => undefined);
    const runner = new ReadModelRunner({
      log: endless,
      groups: [{ projections, store: blocked }],
      timer: fastTime,
      logger: new Told(),
      batchSize: 10,
    });
    runner.start();
    await eventually('held back', async () => {
      const before = given;
      await fastTime.sleep(200);
      return before > 0 && before === given;
    });
    expect(given).toBeLessThanOrEqual(60);
  });
});
