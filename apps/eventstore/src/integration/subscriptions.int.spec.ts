import {
  END,
  EventStoreDBClient,
  START,
  eventTypeFilter,
  excludeSystemEvents,
  streamNameFilter,
  type AllStreamSubscription,
  type StreamSubscription,
} from '@eventstore/db-client';
import {
  startEmbeddedEventStore,
  temporaryDirectory,
  type EmbeddedEventStore,
} from '../../../../test/support/embedded-eventstore';
import { fresh, noted, notedUpTo, takeUntil } from '../testing/client';

describe('subscriptions, with the official client', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let server: EmbeddedEventStore;
  let client: EventStoreDBClient;
  const open: (AllStreamSubscription | StreamSubscription)[] = [];

  beforeAll(async () => {
    directory = await temporaryDirectory();
    server = await startEmbeddedEventStore({ directory: directory.path });
    client = EventStoreDBClient.connectionString(server.url);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((subscription) => subscription.unsubscribe()));
  });
  afterAll(async () => {
    await client.dispose();
    await server.stop();
    await directory.remove();
  });

  function opened<T extends AllStreamSubscription | StreamSubscription>(subscription: T): T {
    open.push(subscription);
    return subscription;
  }

  const caughtUp = (subscription: AllStreamSubscription | StreamSubscription): Promise<unknown> =>
    new Promise((resolve) =>
      subscription.once('caughtUp', () => {
        resolve(undefined);
      }),
    );

  it('follows a stream from its start into the present', async () => {
    const stream = fresh();
    await client.appendToStream(stream, notedUpTo(700));
    const subscription = opened(client.subscribeToStream(stream, { fromRevision: START }));
    const events = subscription[Symbol.asyncIterator]();
    const old = await takeUntil(events, (e) => e.event?.revision === 699n);
    await client.appendToStream(stream, notedUpTo(3));
    const live = await takeUntil(events, (e) => e.event?.revision === 702n);
    expect([...old, ...live].map((e) => e.event?.revision)).toEqual(Array.from({ length: 703 }, (_, n) => BigInt(n)));
  });

  it('starts a stream subscription strictly behind a revision, or with what is new', async () => {
    const stream = fresh();
    await client.appendToStream(stream, notedUpTo(5));
    const behind = opened(client.subscribeToStream(stream, { fromRevision: 3n }))[Symbol.asyncIterator]();
    expect((await takeUntil(behind, () => true))[0]?.event?.revision).toBe(4n);
    const fromEnd = opened(client.subscribeToStream(stream, { fromRevision: END }));
    await caughtUp(fromEnd);
    await client.appendToStream(stream, noted(5));
    const [first] = await takeUntil(fromEnd[Symbol.asyncIterator](), () => true);
    expect(first?.event?.revision).toBe(5n);
  });

  it('waits for a stream that does not exist yet', async () => {
    const stream = fresh();
    const subscription = opened(client.subscribeToStream(stream));
    await caughtUp(subscription);
    await client.appendToStream(stream, noted(1));
    const [first] = await takeUntil(subscription[Symbol.asyncIterator](), () => true);
    expect(first?.event?.streamId).toBe(stream);
  });

  it('ends a stream subscription when the stream is tombstoned', async () => {
    const stream = fresh();
    await client.appendToStream(stream, noted(1));
    const subscription = opened(client.subscribeToStream(stream));
    const events = subscription[Symbol.asyncIterator]();
    await takeUntil(events, () => true);
    const end = expect(events.next()).rejects.toMatchObject({ type: 'stream-deleted', streamName: stream });
    await client.tombstoneStream(stream);
    await end;
  });

  it('shows a stream subscription only what $maxCount leaves', async () => {
    const stream = fresh();
    await client.setStreamMetadata(stream, { maxCount: 2 });
    await client.appendToStream(stream, notedUpTo(5));
    const events = opened(client.subscribeToStream(stream))[Symbol.asyncIterator]();
    const seen = await takeUntil(events, (e) => e.event?.revision === 4n);
    expect(seen.map((e) => e.event?.revision)).toEqual([3n, 4n]);
  });

  it.each([
    ['stream prefixes', streamNameFilter({ prefixes: ['red-', 'blue-'] }), ['red', 'blue']],
    ['a stream pattern', streamNameFilter({ regex: '^(red|green)-' }), ['red', 'green']],
    ['type prefixes', eventTypeFilter({ prefixes: ['red.'] }), ['red']],
    ['a type pattern', eventTypeFilter({ regex: '^(blue|green)\\.noted' }), ['green', 'blue']],
    ['all but system events', excludeSystemEvents(), ['red', 'green', 'blue']],
  ] as const)('filters $all by %s', async (_, filter, wanted) => {
    const begin = await client.appendToStream(fresh(), noted(0, 'begin'));
    const fromPosition = begin.position ?? END;
    const write = async (): Promise<void> => {
      for (const color of ['red', 'green', 'blue']) {
        const stream = fresh(color);
        await client.setStreamMetadata(stream, { maxCount: 9 });
        await client.appendToStream(stream, [noted(1, `${color}.noted`), noted(2, `${color}.noted`)]);
      }
    };
    await write();
    const subscription = opened(client.subscribeToAll({ fromPosition, filter }));
    const events = subscription[Symbol.asyncIterator]();
    const expected = wanted.flatMap((color) => [`${color} 1`, `${color} 2`]);
    const seenOf = (items: readonly { event?: { streamId: string; data: unknown } }[]): readonly string[] =>
      items.map(({ event }) => `${event?.streamId.split('-')[0] ?? ''} ${String((event?.data as { n: number }).n)}`);
    let left = expected.length;
    expect(seenOf(await takeUntil(events, () => (left -= 1) === 0))).toEqual(expected);
    await write();
    left = expected.length;
    expect(seenOf(await takeUntil(events, () => (left -= 1) === 0))).toEqual(expected);
  });

  it('announces checkpoints that grow, in catch-up and live, and none ahead of an event', async () => {
    const begin = await client.appendToStream(fresh(), noted(0));
    const wanted = fresh('wanted');
    const messages: { readonly checkpoint: boolean; readonly position: bigint }[] = [];
    for (let i = 0; i < 60; i += 1) {
      await client.appendToStream(i % 20 === 0 ? wanted : fresh('other'), notedUpTo(5));
    }
    let checkpoints = 0;
    const subscription = opened(
      client.subscribeToAll({
        fromPosition: begin.position ?? END,
        filter: streamNameFilter({
          prefixes: [wanted],
          maxSearchWindow: 10,
          checkpointInterval: 2,
          checkpointReached: async (source, { commit }) => {
            // What was sent before the checkpoint may still wait in the client.
            while (source.readableLength > 0) await new Promise((resolve) => setImmediate(resolve));
            await new Promise((resolve) => setImmediate(resolve));
            checkpoints += 1;
            messages.push({ checkpoint: true, position: commit });
          },
        }),
      }),
    );
    subscription.on('data', ({ event }) => {
      messages.push({ checkpoint: false, position: event?.position.commit ?? 0n });
    });
    await caughtUp(subscription);
    expect(checkpoints).toBeGreaterThanOrEqual(300 / 20);
    const before = checkpoints;
    const deadline = Date.now() + 20_000;
    while (checkpoints < before + 3 && Date.now() < deadline) await client.appendToStream(fresh('other'), notedUpTo(5));
    expect(checkpoints).toBeGreaterThanOrEqual(before + 3);
    const positions = messages.map((m) => m.position);
    expect(positions).toEqual([...positions].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    const marks = messages.filter((m) => m.checkpoint).map((m) => m.position);
    expect(new Set(marks).size).toBe(marks.length);
    expect(messages.filter((m) => !m.checkpoint)).toHaveLength(15);
  });

  it('serves many subscribers alike while others write, and does not buffer for one that does not read', async () => {
    const stream = fresh('busy');
    const lazy = opened(client.subscribeToAll({ fromPosition: START }));
    const readers = Array.from({ length: 40 }, () =>
      opened(client.subscribeToAll({ fromPosition: END, filter: streamNameFilter({ prefixes: [stream] }) })),
    );
    await Promise.all(readers.map(caughtUp));
    const seen = readers.map((reader) => takeUntil(reader[Symbol.asyncIterator](), (e) => e.event?.revision === 199n));
    for (let i = 0; i < 20; i += 1) await client.appendToStream(stream, notedUpTo(10));
    for (const events of await Promise.all(seen)) {
      expect(events.map((e) => e.event?.revision)).toEqual(Array.from({ length: 200 }, (_, n) => BigInt(n)));
    }
    expect(lazy.readableLength).toBeLessThan(100);
  });
});
