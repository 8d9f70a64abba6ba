import { type NewEvent, MemoryEventStore, nameLog, ownLog, streamHash } from '@cairn/event-store';
import { wholeLog } from '../log-scan';
import { LogWalk } from './log-walk';

const event = (type: string, n = 0): NewEvent => ({ id: `${type}-${String(n)}`, type, data: { n }, metadata: {} });

/** Events as Cairn writes them. */
const chained = (previous: string, type: string, n: number): NewEvent => {
  const plain = event(type, n);
  return { ...plain, metadata: { streamHash: streamHash(previous, plain) } };
};

async function sharedLog(): Promise<MemoryEventStore> {
  const log = new MemoryEventStore();
  await nameLog(log, 'mine');
  await log.append('orders-1', 'no-stream', [event('OrderPlaced'), event('OrderPaid')]);
  const first = chained('', 'user.created.v1', 1);
  await log.append('user-ours', 'no-stream', [first]);
  await log.append('user-42', 'no-stream', [event('UserRegistered')]);
  await log.append('user-42', 0n, [event('user.created.v1')]);
  await log.append('snapshot-x', 'no-stream', [event('ScreenTaken')]);
  await log.append('snapshot-user-ours', 'no-stream', [event('snapshot.taken.v1')]);
  await log.append('user-ours', 0n, [chained(String(first.metadata['streamHash']), 'user.renamed.v1', 2)]);
  return log;
}

const walked = (log: MemoryEventStore): Promise<LogWalk> => new LogWalk().takeAll(wholeLog(log));

describe('a log that others use too', () => {
  it('holds with its own chains; others are counted, and said where their streams are named like its own', async () => {
    const walk = await walked(await sharedLog());
    expect(walk.verifier.broken).toEqual([]);
    expect(walk.digest.events).toBe(3);
    expect(walk.others).toEqual([
      "FOREIGN user-42: 2 events of another application, in a stream that is named like Cairn's: left alone",
      "FOREIGN snapshot-x: 1 events of another application, in a stream that is named like Cairn's: left alone",
      "2 events of 1 streams are other applications': left alone",
    ]);
  });

  it('is the same log without them', async () => {
    const [shared, alone] = [await sharedLog(), new MemoryEventStore()];
    for (const { stream, revision, id, type, data, metadata } of shared.all())
      if (['cairn-log', 'user-ours'].includes(stream))
        await alone.append(stream, revision === 0n ? 'no-stream' : revision - 1n, [{ id, type, data, metadata }]);
    expect((await walked(alone)).digest.hash).toBe((await walked(shared)).digest.hash);
  });

  it.each([
    ['a stream of Cairn goes on without a link', 'user-ours', 1n, event('Foreign')],
    ['an event of Cairn has lost its link', 'user-new', 'no-stream', event('user.created.v1')],
    [
      'a link follows from nothing',
      'user-new',
      'no-stream',
      { ...event('x'), metadata: { streamHash: 'a'.repeat(64) } },
    ],
  ] as const)('is broken where %s', async (_what, stream, expected, forged) => {
    const log = await sharedLog();
    await log.append(stream, expected, [forged]);
    expect((await walked(log)).verifier.broken.map((one) => one.stream)).toEqual([stream]);
  });

  it('is told to its readers without what only looks like it, and its end is reached all the same', async () => {
    const log = await sharedLog();
    await log.append('instance-1', 'no-stream', [event('Started')]);
    const told: string[] = [];
    const own = ownLog(log, ({ stream }) => told.push(stream));
    const seen: string[] = [];
    let reached = 0n;
    const stop = new AbortController();
    for await (const message of own.subscribe(undefined, stop.signal)) {
      if (message.kind === 'caught-up') break;
      if (message.kind === 'event') seen.push(message.event.stream);
      reached = message.kind === 'event' ? message.event.position : message.position;
    }
    stop.abort();
    expect(told).toEqual(['user-42', 'snapshot-x', 'instance-1']);
    expect(seen.filter((stream) => told.includes(stream))).toEqual([]);
    expect(reached).toBe(await own.head());
  });
});
