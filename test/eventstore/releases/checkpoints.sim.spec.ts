import { deriveId, serverReservation } from '@cairn/domain';
import type { EventStore, LogMessage, NewEvent, Position } from '@cairn/event-store';
import { RELEASES } from '../../../apps/eventstore/src/faults/cluster/filtered-feed';
import { followAll } from '../../../libs/event-store/src/follow-all';
import { projections, UNWANTED } from '../../../libs/projections/src/projections';
import { QuotaRow } from '../../../libs/projections/src/read-models';
import { MemoryReadModel } from '../../../libs/projections/src/runner/memory-read-model';
import { ReadModelRunner } from '../../../libs/projections/src/runner/runner';
import { eventually } from '../../../libs/projections/src/testing/eventually';
import { fastTime, Told } from '../../../libs/projections/src/testing/runtime';
import { ModelServer } from './model-server';

let made = 0;
const unwantedType = (UNWANTED[0] ?? '').replace(/\.$/, '.x');

function event(type: string): NewEvent {
  made += 1;
  const reservations = [serverReservation(`i${String(made)}`, { vcpus: 1, ramMb: 1 })];
  const metadata = { at: '2026-01-01T00:00:00.000Z' };
  return { id: deriveId('event', made), type, data: { reservations, settleAfter: '' }, metadata };
}
const wanted = (server: ModelServer): Position => server.append('quota-p', event('quota.reserved.v2'));
const unwanted = (server: ModelServer): Position => server.append('agent-h', event(unwantedType));

/** What lies behind a start: n events that are wanted, or not, or by turns, or one kind before the other. */
const MIXES: Readonly<Record<string, (i: number, n: number) => boolean>> = {
  'wanted events': () => true,
  'unwanted events': () => false,
  'events by turns': (i) => i % 2 === 0,
  'wanted events before as many unwanted ones': (i, n) => i < n / 2,
  'unwanted events before as many wanted ones': (i, n) => i >= n / 2,
};
const SIZES = [...Array.from({ length: 200 }, (_, i) => i + 1), 511, 512, 513, 1_024, 1_025];

/** Follows until it has caught up; the position that a consumer would resume from. */
async function followed(server: ModelServer, after: Position | undefined): Promise<Position | undefined> {
  let at = after;
  for await (const message of followAll(server, after, { without: UNWANTED })) {
    if (message.kind === 'caught-up') break;
    at = message.kind === 'event' ? message.event.position : message.position;
  }
  return at;
}

/** The next messages of a subscription, up to that many events. */
async function eventsAfter(server: ModelServer, after: Position | undefined, count: number): Promise<Position[]> {
  const seen: Position[] = [];
  for await (const message of followAll(server, after, {})) {
    if (message.kind === 'event') seen.push(message.event.position);
    if (seen.length === count || message.kind === 'caught-up') break;
  }
  return seen;
}

const servers = RELEASES.flatMap((release) => Object.keys(MIXES).map((mix) => [release, mix] as const));

describe.each(servers)('a subscriber to EventStoreDB %s with %s behind its start', (release, mix) => {
  it.each(['the start', 'an event'])('misses nothing when it resumes after it caught up, from %s', async (from) => {
    for (const n of SIZES) {
      const server = new ModelServer(release);
      const start = from === 'the start' ? undefined : (unwanted(server), wanted(server));
      for (let i = 0; i < n; i += 1) (MIXES[mix]?.(i, n) ? wanted : unwanted)(server);
      const resumed = await followed(server, start);
      const coming = [wanted(server), unwanted(server), wanted(server)];
      const seen = await eventsAfter(server, resumed, n + 5);
      expect([n, seen.filter((position) => coming.includes(position))]).toEqual([n, coming]);
    }
  });

  it('is told of no checkpoint that an event is still to come for, also while it follows the present', async () => {
    for (const n of SIZES.filter((size) => size < 70 || size > 500)) {
      const server = new ModelServer(release);
      for (let i = 0; i < n; i += 1) (MIXES[mix]?.(i, n) ? wanted : unwanted)(server);
      let [reached, events, live] = [0n, 0, false];
      const before = server.events.filter(({ type }) => type !== unwantedType).length;
      for await (const message of followAll(server, undefined, { without: UNWANTED })) {
        const position = positionOf(message);
        if (message.kind === 'event') {
          expect(position).toBeGreaterThan(reached);
          events += 1;
        }
        if (message.kind === 'checkpoint') expect(server.events.some((one) => one.position >= position)).toBe(true);
        reached = position > reached ? position : reached;
        if (message.kind === 'caught-up' && !live) {
          live = true;
          setImmediate(() => {
            for (let i = 0; i < 600; i += 1) unwanted(server);
            wanted(server);
          });
        }
        if (live && events === before + 1) break;
      }
      expect([n, events]).toEqual([n, before + 1]);
    }
  });
});

const positionOf = (message: LogMessage): Position =>
  message.kind === 'event' ? message.event.position : message.kind === 'checkpoint' ? message.position : 0n;

/** The log as the runner has it. */
const logOf = (server: ModelServer): Pick<EventStore, 'head' | 'history' | 'subscribe'> => ({
  head: () => Promise.resolve(server.events.at(-1)?.position ?? 0n),
  history: () => Promise.resolve(undefined),
  subscribe: (after, signal, { without = [] } = {}) => followAll(server.until(signal), after, { without }),
});

function run(server: ModelServer, rows: MemoryReadModel): ReadModelRunner {
  const groups = [{ projections, store: rows }];
  const runner = new ReadModelRunner({ log: logOf(server), groups, timer: fastTime, logger: new Told() });
  runner.start();
  return runner;
}

describe.each(servers)('read models of EventStoreDB %s with %s behind their checkpoint', (release, mix) => {
  it.each(['an empty log', 'a checkpoint'])(
    'show what is written next, and say so, beginning with %s',
    async (from) => {
      for (const n of [...SIZES.slice(0, 100), 128, 160, 192]) {
        const [server, rows] = [new ModelServer(release), new MemoryReadModel()];
        if (from === 'a checkpoint') {
          wanted(server);
          const earlier = run(server, rows);
          await eventually('ready', () => earlier.isReady());
          await earlier.stop();
        }
        for (let i = 0; i < n; i += 1) (MIXES[mix]?.(i, n) ? wanted : unwanted)(server);
        const runner = run(server, rows);
        await eventually('ready', () => runner.isReady());
        // what comes is where the log ended when they caught up
        const instances = (): number => rows.get(QuotaRow, 'p')?.usage['instances'] ?? 0;
        const before = instances();
        const shown = await runner.waitFor(wanted(server), 50_000);
        expect([n, shown, instances()]).toEqual([n, true, before + 1]);
        await runner.stop();
      }
    },
  );

  it('say of nothing that is not there yet that they show it', async () => {
    const server = new ModelServer(release);
    const runner = run(server, new MemoryReadModel());
    await eventually('ready', () => runner.isReady());
    expect(await runner.waitFor(server.end, 5)).toBe(false);
    expect(await runner.waitFor(wanted(server), 50_000)).toBe(true);
    await runner.stop();
  });
});
