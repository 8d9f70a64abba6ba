import {
  checkpointsHold,
  collect,
  event,
  fresh,
  increasing,
  placesOf,
  until,
  using,
  withDeadline,
} from './contract-support';
import { WrongRevision, type EventStore, type LogMessage } from './port';

/** A store and how to end it. Tests may share it: the contract uses fresh stream names only. */
export interface StoreUnderTest {
  readonly store: EventStore;
  end(): Promise<void>;
}

/**
 * What every `EventStore` promises. It assumes nothing about what else is in the log, so that it also runs against a
 * server that others use.
 */
export function eventStoreContract(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps the EventStore contract`, () => {
    let store: EventStore;
    let end: () => Promise<void>;

    beforeAll(async () => {
      const made = await make();
      ({ store } = made);
      end = () => made.end();
    });
    afterAll(() => end());

    appending(() => store);
    repeating(() => store);
    reading(() => store);
    subscribing(() => store);
    keepingLast(() => store);
  });
}

function appending(store: () => EventStore): void {
  it('gives back what was appended, in order, with contiguous revisions and growing positions', async () => {
    const stream = fresh();
    const events = [event(1), event(2), event(3)];
    const { revision, position } = await store().append(stream, 'no-stream', events);
    expect(revision).toBe(2n);
    const read = await collect(store().read(stream));
    expect(read.map(({ id, type, data, metadata }) => ({ id, type, data, metadata }))).toEqual(events);
    expect(read.map((e) => e.revision)).toEqual([0n, 1n, 2n]);
    expect(read.every((e) => e.stream === stream && !Number.isNaN(Date.parse(e.created)))).toBe(true);
    expect(read[2]?.position).toBe(position);
    expect(increasing(read.map((e) => e.position))).toBe(true);
  });

  it('appends behind the expected revision', async () => {
    const stream = fresh();
    const first = await store().append(stream, 'no-stream', [event(1)]);
    const second = await store().append(stream, 0n, [event(2), event(3)]);
    expect(second.revision).toBe(2n);
    expect(second.position > first.position).toBe(true);
  });

  it.each([
    ['a stream that exists, none expected', 'no-stream', 1n],
    ['a stream that is further', 0n, 1n],
    ['a stream that is not so far', 5n, 1n],
  ] as const)('refuses %s and says where the stream is', async (_, expected, actual) => {
    const stream = fresh();
    await store().append(stream, 'no-stream', [event(1), event(2)]);
    const refused = store().append(stream, expected, [event(3)]);
    await expect(refused).rejects.toMatchObject({ stream, expected, actual });
    await expect(refused).rejects.toBeInstanceOf(WrongRevision);
    expect(await collect(store().read(stream))).toHaveLength(2);
  });

  it('refuses an exact revision of a stream that does not exist', async () => {
    const refused = store().append(fresh(), 0n, [event(1)]);
    await expect(refused).rejects.toMatchObject({ name: 'Error', expected: 0n, actual: 'no-stream' });
  });

  it('lets exactly one of many writers have a revision', async () => {
    const stream = fresh();
    const writers = Array.from({ length: 20 }, (_, i) => store().append(stream, 'no-stream', [event(i)]));
    const outcomes = await Promise.allSettled(writers);
    expect(outcomes.filter((o) => o.status === 'fulfilled')).toHaveLength(1);
    const refusals = outcomes.flatMap((o) => (o.status === 'rejected' ? [o.reason as unknown] : []));
    expect(refusals.every((reason) => reason instanceof WrongRevision)).toBe(true);
  });

  it('takes many appends to different streams at once', async () => {
    const streams = Array.from({ length: 100 }, fresh);
    const results = await Promise.all(streams.map((s) => store().append(s, 'no-stream', [event(1)])));
    expect(new Set(results.map((r) => r.position)).size).toBe(100);
    const read = await Promise.all(streams.map((s) => collect(store().read(s))));
    expect(read.every((events) => events.length === 1)).toBe(true);
  });

  it('keeps text in any script and nested data as they are', async () => {
    const stream = `${fresh()}-日本 ключ`;
    const data = { name: 'Größe — 数量 🚀', nested: { list: [1, null, { deep: '\u0000"\\' }] }, flag: false };
    await store().append(stream, 'no-stream', [{ ...event(1), data }]);
    expect((await store().last(stream))?.data).toEqual(data);
    expect((await store().last(stream))?.stream).toBe(stream);
  });
}

function repeating(store: () => EventStore): void {
  it('answers a repeated append with its original place and writes nothing', async () => {
    const stream = fresh();
    const created = [event(1), event(2)];
    const changed = [event(3)];
    const first = await store().append(stream, 'no-stream', created);
    const second = await store().append(stream, 1n, changed);
    expect(await store().append(stream, 'no-stream', created)).toEqual(first);
    expect(await store().append(stream, 1n, changed)).toEqual(second);
    expect(await collect(store().read(stream))).toHaveLength(3);
  });

  it('refuses a repeat that differs in any event', async () => {
    const stream = fresh();
    const [one, two] = [event(1), event(2)];
    await store().append(stream, 'no-stream', [one, two]);
    await expect(store().append(stream, 'no-stream', [one, event(3)])).rejects.toBeInstanceOf(WrongRevision);
    await expect(store().append(stream, 'no-stream', [one, two, event(3)])).rejects.toBeInstanceOf(WrongRevision);
  });

  it('answers concurrent repeats of one append alike', async () => {
    const stream = fresh();
    const events = [event(1), event(2)];
    const results = await Promise.all(Array.from({ length: 10 }, () => store().append(stream, 'no-stream', events)));
    expect(new Set(results.map((r) => `${String(r.revision)}@${String(r.position)}`)).size).toBe(1);
    expect(await collect(store().read(stream))).toHaveLength(2);
  });
}

function reading(store: () => EventStore): void {
  it('reads from a revision on, and nothing from a missing stream or beyond the end', async () => {
    const stream = fresh();
    await store().append(stream, 'no-stream', [event(1), event(2), event(3)]);
    expect((await collect(store().read(stream, 1n))).map((e) => e.revision)).toEqual([1n, 2n]);
    expect(await collect(store().read(stream, 3n))).toEqual([]);
    expect(await collect(store().read(fresh()))).toEqual([]);
  });

  it('lets a reader leave early', async () => {
    const stream = fresh();
    await store().append(
      stream,
      'no-stream',
      Array.from({ length: 100 }, (_, i) => event(i)),
    );
    for await (const first of store().read(stream)) {
      expect(first.revision).toBe(0n);
      break;
    }
    expect(await collect(store().read(stream))).toHaveLength(100);
  });

  it('finds the last event of a stream', async () => {
    const stream = fresh();
    expect(await store().last(stream)).toBeUndefined();
    await store().append(stream, 'no-stream', [event(1), event(2)]);
    expect(await store().last(stream)).toMatchObject({ revision: 1n, data: { n: 2 } });
  });

  it('knows the head of the log', async () => {
    const { position } = await store().append(fresh(), 'no-stream', [event(1)]);
    expect((await store().head()) >= position).toBe(true);
  });
}

function subscribing(store: () => EventStore): void {
  it('yields what is there, says that it caught up, and goes on with what comes', async () => {
    const after = await store().head();
    const [one, two] = [fresh(), fresh()];
    await store().append(one, 'no-stream', [event(1), event(2)]);
    await using(store(), after, async (messages) => {
      const caughtUp = await until(messages, (m) => m.kind === 'caught-up');
      expect(placesOf(caughtUp, one)).toEqual([`${one}/0`, `${one}/1`]);
      await store().append(two, 'no-stream', [event(3)]);
      await store().append(one, 1n, [event(4)]);
      const live = await until(messages, (m) => m.kind === 'event' && m.event.data['n'] === 4);
      expect(placesOf(live, one, two)).toEqual([`${two}/0`, `${one}/2`]);
    });
  });

  it('starts strictly after a position', async () => {
    const stream = fresh();
    await store().append(stream, 'no-stream', [event(1), event(2), event(3)]);
    const [, second] = await collect(store().read(stream));
    await using(store(), second?.position, async (messages) => {
      const seen = await until(messages, (m) => m.kind === 'caught-up');
      expect(placesOf(seen, stream)).toEqual([`${stream}/2`]);
    });
  });

  it('misses nothing and repeats nothing while others write, and no checkpoint runs ahead', async () => {
    const streams = Array.from({ length: 8 }, fresh);
    const after = await store().head();
    await using(store(), after, async (messages) => {
      const writing = streams.map(async (stream) => {
        for (let n = 0; n < 50; n += 1) {
          await store().append(stream, n === 0 ? 'no-stream' : BigInt(n - 1), [event(n)]);
        }
      });
      const counts = new Map<string, number>();
      const seen = await until(messages, (m) => {
        if (m.kind === 'event') counts.set(m.event.stream, (counts.get(m.event.stream) ?? 0) + 1);
        return streams.every((stream) => counts.get(stream) === 50);
      });
      await Promise.all(writing);
      for (const stream of streams) {
        expect(placesOf(seen, stream)).toEqual(Array.from({ length: 50 }, (_, n) => `${stream}/${String(n)}`));
      }
      expect(increasing(seen.flatMap((m) => (m.kind === 'event' ? [m.event.position] : [])))).toBe(true);
      expect(checkpointsHold(seen)).toBe(true);
    });
  });

  it("never shows the store's own events", async () => {
    const after = await store().head();
    const stream = fresh();
    await store().keepLast(stream, 5);
    await store().append(stream, 'no-stream', [event(1)]);
    await using(store(), after, async (messages) => {
      const seen = await until(messages, (m) => m.kind === 'event' && m.event.stream === stream);
      expect(seen.filter((m) => m.kind === 'event' && m.event.type.startsWith('$'))).toEqual([]);
    });
  });

  it('leaves out what is not wanted, by type or by what types begin with, and says how far it has come', async () => {
    const after = await store().head();
    const types = ['a.kept.v1', 'a.left-out.v1', 'b.left-out.v1', 'a.left-out.v10', 'ab.kept.v1'];
    const stream = fresh();
    const written = await store().append(
      stream,
      'no-stream',
      types.map((type) => ({ ...event(1), type })),
    );
    const stop = new AbortController();
    const seen: LogMessage[] = [];
    const without = ['a.left-out.v1', 'b.'];
    for await (const message of store().subscribe(after, stop.signal, { without })) {
      seen.push(message);
      if (message.kind === 'caught-up') break;
    }
    const kept = seen.flatMap((message) => (message.kind === 'event' ? [message.event] : []));
    const mine = kept.filter((each) => each.stream === stream);
    expect(mine.map(({ type }) => type)).toEqual(['a.kept.v1', 'a.left-out.v10', 'ab.kept.v1']);
    expect(mine.at(-1)?.position).toBe(written.position);
  });

  it('ends when the signal aborts, also while nothing happens', async () => {
    const abort = new AbortController();
    const subscription = store()
      .subscribe(await store().head(), abort.signal)
      [Symbol.asyncIterator]();
    await until(subscription, (m) => m.kind === 'caught-up');
    const next = subscription.next();
    abort.abort();
    for (let result = await withDeadline(next); result.done !== true;) result = await withDeadline(subscription.next());
    expect((await subscription.next()).done).toBe(true);
  });
}

function keepingLast(store: () => EventStore): void {
  it('keeps only the newest events readable, and still appends behind the last one', async () => {
    const stream = fresh();
    await store().append(stream, 'no-stream', [event(1), event(2), event(3), event(4)]);
    await store().keepLast(stream, 2);
    expect((await collect(store().read(stream))).map((e) => e.revision)).toEqual([2n, 3n]);
    await store().append(stream, 3n, [event(5)]);
    expect((await collect(store().read(stream))).map((e) => e.revision)).toEqual([3n, 4n]);
    expect((await store().last(stream))?.revision).toBe(4n);
  });

  it('may be asked before the stream exists, and again', async () => {
    const stream = fresh();
    await store().keepLast(stream, 1);
    await store().keepLast(stream, 1);
    await store().append(stream, 'no-stream', [event(1), event(2)]);
    expect((await collect(store().read(stream))).map((e) => e.revision)).toEqual([1n]);
  });
}
