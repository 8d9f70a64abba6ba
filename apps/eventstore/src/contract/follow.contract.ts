import {
  eventsOf,
  fresh,
  isCaughtUp,
  noted,
  notedUpTo,
  revisions,
  until,
  upTo,
  type Filter,
  type FollowAllOptions,
  type FollowOptions,
  type Following,
  type Message,
  type Peer,
  type StreamDocument,
} from './peer';

/** What a test follows is closed with it. */
class Open {
  private readonly open: Following[] = [];

  add(following: Following): Following {
    this.open.push(following);
    return following;
  }

  async close(): Promise<void> {
    await Promise.all(this.open.splice(0).map((following) => following.close()));
  }
}

const lastIs =
  (revision: bigint) =>
  (message: Message): boolean =>
    message.kind === 'event' && message.resolved.event?.revision === revision;

/** Subscriptions to a stream. */
export function following(peer: () => Peer): void {
  const open = new Open();
  const follow = (stream: string, options?: FollowOptions): Following => open.add(peer().follow(stream, options));
  afterEach(() => open.close());

  it('follows a stream from its start into the present, each event once', async () => {
    const stream = fresh();
    await peer().append(stream, notedUpTo(700));
    const subscription = follow(stream, { from: 'start' });
    const old = await until(subscription, isCaughtUp);
    expect(revisions(eventsOf(old))).toEqual(upTo(700));
    for (let n = 0; n < 3; n += 1) await peer().append(stream, [noted(n)]);
    const live = await until(subscription, lastIs(702n));
    expect(revisions(eventsOf(live))).toEqual(upTo(3, 700));
  });

  it('starts strictly behind a revision, or with what is new', async () => {
    const stream = fresh();
    await peer().append(stream, notedUpTo(5));
    const behind = await until(follow(stream, { from: 2n }), isCaughtUp);
    expect(revisions(eventsOf(behind))).toEqual([3n, 4n]);
    const fromEnd = follow(stream, { from: 'end' });
    expect(eventsOf(await until(fromEnd, isCaughtUp))).toEqual([]);
    await peer().append(stream, [noted(5)]);
    expect(revisions(eventsOf(await until(fromEnd, () => true)))).toEqual([5n]);
  });

  it('waits for a stream that does not exist yet, and for one that was deleted', async () => {
    const stream = fresh();
    const subscription = follow(stream);
    await until(subscription, isCaughtUp);
    await peer().append(stream, [noted(0)]);
    await until(subscription, lastIs(0n));
    await peer().remove('delete', stream);
    const late = follow(stream);
    await until(late, isCaughtUp);
    await peer().append(stream, [noted(1)]);
    for (const one of [subscription, late]) {
      expect(revisions(eventsOf(await until(one, lastIs(1n))))).toEqual([1n]);
    }
  });

  it('ends when the stream is buried', async () => {
    const stream = fresh();
    await peer().append(stream, [noted(0)]);
    const subscription = follow(stream);
    await until(subscription, isCaughtUp);
    await peer().remove('tombstone', stream);
    const [tombstone] = eventsOf([await subscription.next()]);
    expect(tombstone?.event).toMatchObject({ type: '$streamDeleted', revision: 2n ** 63n - 1n });
    await expect(subscription.next()).rejects.toMatchObject({ type: 'stream-deleted', stream });
  });

  it('shows only what metadata leaves', async () => {
    const stream = fresh();
    await peer().setMetadata(stream, { maxCount: 2 });
    await peer().append(stream, notedUpTo(5));
    expect(revisions(eventsOf(await until(follow(stream), isCaughtUp)))).toEqual([3n, 4n]);
  });

  it.each<[string, StreamDocument]>([
    ['maxCount', { maxCount: 2 }],
    ['truncateBefore', { truncateBefore: 100 }],
  ])('shows every event that comes, whatever %s hides', async (_, metadata) => {
    const stream = fresh();
    await peer().setMetadata(stream, metadata);
    const subscription = follow(stream);
    await until(subscription, isCaughtUp);
    await peer().append(stream, notedUpTo(10));
    expect(revisions(eventsOf(await until(subscription, lastIs(9n))))).toEqual(upTo(10));
    await Promise.all([peer().append(stream, [noted(10)]), peer().remove('delete', stream)]);
    expect(revisions(eventsOf(await until(subscription, lastIs(10n))))).toEqual([10n]);
  });

  it('follows links', async () => {
    const [links, target] = [fresh(), fresh()];
    await peer().append(target, notedUpTo(1));
    await peer().append(links, [{ ...noted(0, '$>'), data: Buffer.from(`0@${target}`) }]);
    const [seen] = eventsOf(await until(follow(links, { links: true }), isCaughtUp));
    expect([seen?.event?.stream, seen?.link?.stream]).toEqual([target, links]);
  });
}

/** Of subscribers over one connection: EventStoreDB lets 100 calls of one be open, and the next ones wait in silence. */
const PER_CONNECTION = 50;

/**
 * Subscriptions to `$all`.
 * @param another makes one more client, with a connection of its own
 */
export function followingAll(peer: () => Peer, another: (n: number) => Peer): void {
  const open = new Open();
  const followAll = (options?: FollowAllOptions): Following => open.add(peer().followAll(options));
  const here = async (): Promise<bigint> => (await peer().append(fresh('begin'), [noted(0)])).position ?? 0n;
  afterEach(() => open.close());

  it('starts strictly behind a position, says that it caught up, and goes on', async () => {
    const stream = fresh();
    await peer().append(stream, notedUpTo(3));
    const [, second] = await peer().read(stream);
    const subscription = followAll({ from: second?.event?.position ?? 0n });
    const old = eventsOf(await until(subscription, isCaughtUp)).filter(({ event }) => event?.stream === stream);
    expect(revisions(old)).toEqual([2n]);
    const fromEnd = followAll({ from: 'end' });
    expect(eventsOf(await until(fromEnd, isCaughtUp))).toEqual([]);
    await peer().append(stream, [noted(3)]);
    for (const one of [subscription, fromEnd]) await until(one, lastIs(3n));
  });

  it.each<[string, Filter, readonly string[]]>([
    ['stream prefixes', { on: 'stream', prefixes: ['red-', 'blue-'] }, ['red', 'blue']],
    ['a stream pattern', { on: 'stream', regex: '^(red|green)-' }, ['red', 'green']],
    ['type prefixes', { on: 'type', prefixes: ['red.'] }, ['red']],
    ['a type pattern', { on: 'type', regex: '^(blue|green)\\.noted' }, ['green', 'blue']],
    ['all but system events', { on: 'type', regex: '^[^\\$].*' }, ['red', 'green', 'blue']],
  ])('filters by %s, in the past and in the present', async (_, filter, wanted) => {
    const from = await here();
    const write = async (): Promise<void> => {
      for (const color of ['red', 'green', 'blue']) {
        const stream = fresh(color);
        await peer().setMetadata(stream, { maxCount: 9 });
        await peer().append(stream, [noted(1, `${color}.noted`), noted(2, `${color}.noted`)]);
      }
    };
    await write();
    const subscription = followAll({ from, filter });
    const expected = wanted.flatMap((color) => [`${color} 1`, `${color} 2`]);
    const taken = async (): Promise<readonly string[]> => {
      let left = expected.length;
      const messages = await until(subscription, (message) => message.kind === 'event' && (left -= 1) === 0);
      return eventsOf(messages).map(
        ({ event }) => `${event?.stream.split('-')[0] ?? ''} ${String((event?.data as { n: number }).n)}`,
      );
    };
    expect(await taken()).toEqual(expected);
    await write();
    expect(await taken()).toEqual(expected);
  });

  it('announces checkpoints that grow, in the past and in the present, and none ahead of an event', async () => {
    const from = await here();
    const wanted = fresh('wanted');
    for (let n = 0; n < 40; n += 1) await peer().append(n % 20 === 0 ? wanted : fresh('other'), notedUpTo(5));
    const filter = { on: 'stream', prefixes: [wanted], window: 10, interval: 2 } as const;
    const subscription = followAll({ from, filter });
    const past = await until(subscription, isCaughtUp);
    const checkpointsIn = (messages: readonly Message[]): number =>
      messages.filter(({ kind }) => kind === 'checkpoint').length;
    expect(checkpointsIn(past)).toBeGreaterThanOrEqual(200 / 20);
    const writing = (async () => {
      for (let n = 0; n < 15; n += 1) await peer().append(fresh('other'), notedUpTo(5));
    })();
    let left = 3;
    const present = await until(subscription, ({ kind }) => kind === 'checkpoint' && (left -= 1) === 0);
    await writing;
    let reached = -1n;
    for (const message of [...past, ...present]) {
      if (message.kind === 'caught-up') continue;
      const position = message.kind === 'checkpoint' ? message.position : (message.resolved.event?.position ?? -1n);
      expect(position > reached || (message.kind === 'checkpoint' && position === reached)).toBe(true);
      reached = position;
    }
    const marks = [...past, ...present].flatMap((message) => (message.kind === 'checkpoint' ? [message.position] : []));
    expect(new Set(marks).size).toBe(marks.length);
    expect(eventsOf(past)).toHaveLength(10);
  });

  it('serves 200 subscribers alike while others write', async () => {
    const stream = fresh('busy');
    const filter = { on: 'stream', prefixes: [stream] } as const;
    const peers = Array.from({ length: 200 / PER_CONNECTION }, (_, n) => another(n));
    const subscribers = peers.flatMap((one) =>
      Array.from({ length: PER_CONNECTION }, (_, n) =>
        open.add(n % 2 === 0 ? one.followAll({ from: 'end', filter }) : one.follow(stream)),
      ),
    );
    await Promise.all(subscribers.map((subscriber) => until(subscriber, isCaughtUp)));
    for (let n = 0; n < 10; n += 1) await peer().append(stream, notedUpTo(3));
    for (const subscriber of subscribers) {
      expect(revisions(eventsOf(await until(subscriber, lastIs(29n))))).toEqual(upTo(30));
    }
    await open.close();
    await Promise.all(peers.map((one) => one.dispose()));
  });

  it('misses nothing and repeats nothing while many write', async () => {
    const from = await here();
    const subscription = followAll({ from, filter: { on: 'stream', prefixes: ['many-'] } });
    const streams = Array.from({ length: 8 }, () => fresh('many'));
    const writing = streams.map(async (stream) => {
      for (let n = 0; n < 20; n += 1)
        await peer().append(stream, [noted(n)], { expected: n === 0 ? 'no_stream' : BigInt(n - 1) });
    });
    let left = 160;
    const messages = await until(subscription, (message) => message.kind === 'event' && (left -= 1) === 0);
    await Promise.all(writing);
    for (const stream of streams) {
      const of = eventsOf(messages).filter(({ event }) => event?.stream === stream);
      expect(revisions(of)).toEqual(upTo(20));
    }
  });
}
