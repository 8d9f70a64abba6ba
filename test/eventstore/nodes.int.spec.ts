import { randomUUID } from 'node:crypto';
import { stringify } from 'uuid';
import { EventStoreDb, type NewEvent, OutcomeUnknown, type RecordedEvent, StoreUnready } from '@cairn/event-store';
import { CLIENTS } from '../../apps/eventstore/src/faults/cluster/model-node';
import { EmbeddedCluster } from '../../apps/eventstore/src/faults/cluster/embedded-cluster';
import { storedEvents, TemporaryLog } from '../../apps/eventstore/src/testing/temporary-log';
import { drained, firstEvent, until } from './following';

/** In milliseconds: faster than a real cluster, so that the tests are. */
const PACE = { electMs: 300, resignMs: 700 };

/** Who is cut off from whom when no node reaches another. */
const APART = [
  [0, 1],
  [1, 2],
  [0, 2],
] as const;

const newEvent = (): NewEvent => ({ id: randomUUID(), type: 'tested', data: {}, metadata: {} });

describe('a log of three nodes', () => {
  let temporary: TemporaryLog;
  let log: ReturnType<TemporaryLog['open']>;
  let cluster: EmbeddedCluster;
  let store: EventStoreDb;
  let stream: string;

  beforeEach(async () => {
    temporary = new TemporaryLog();
    log = temporary.open();
    cluster = await EmbeddedCluster.start(log, { pace: PACE });
    stream = `s-${randomUUID()}`;
    store = connect([0, 1, 2]);
  });
  afterEach(async () => {
    await store.close();
    cluster.stop();
    temporary.remove();
  });

  const connect = (seeds: readonly number[], scheme = 'esdb'): EventStoreDb =>
    EventStoreDb.connect(`${scheme}://${seeds.map((node) => cluster.addressOf(node)).join(',')}?tls=false`, {
      appendDeadlineMs: 1_000,
    });
  let appended = 0;
  /** Each in a stream of its own, but for those that are read back. */
  const append = (event = newEvent(), to = `other-${String((appended += 1))}`): Promise<unknown> =>
    store.append(to, 'no-stream', [event]);
  const cut = (one: number, other: number | string): void => {
    cluster.model.cut(one, other);
  };
  const mend = (one: number, other: number | string): void => {
    cluster.model.mend(one, other);
  };
  const written = (): string[] => storedEvents(log, stream).map(({ id }) => stringify(id));

  /** Appends one event as everybody in Cairn does: again, with the same id, for as long as it may be taken. */
  async function insist(event: NewEvent, to = stream): Promise<void> {
    for (const end = Date.now() + 9_000; ;) {
      try {
        await append(event, to);
        return;
      } catch (error) {
        if (!(error instanceof OutcomeUnknown) || Date.now() > end) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  async function readAll(): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const event of store.read(stream)) events.push(event);
    return events;
  }

  it('is written to and read from at its leader', async () => {
    const event = newEvent();
    await insist(event);
    expect((await readAll()).map(({ id }) => id)).toEqual([event.id]);
    expect(store.connections).toMatchObject({ address: cluster.addressOf(0), use: 'leads' });
  });

  it.each<readonly [string, () => void]>([
    [
      'killed',
      () => {
        cluster.kill(0);
      },
    ],
    [
      'paused',
      () => {
        cluster.model.pause(0);
      },
    ],
    [
      'cut off from the others',
      () => {
        cut(0, 1);
        cut(0, 2);
      },
    ],
    [
      'replaced without a fault',
      () => {
        cluster.model.handOver(1);
      },
    ],
    [
      'not ready',
      () => {
        cluster.model.sayNotReady(0);
        cluster.model.handOver(1);
      },
    ],
    [
      'lost behind a write that it took',
      () => {
        cluster.troubleWrites('leader-lost');
      },
    ],
  ])('goes on with the new leader when the old one is %s', async (_, fail) => {
    await append();
    fail();
    const event = newEvent();
    await insist(event);
    await until(() => store.connections?.use === 'leads' && store.connections.address !== cluster.addressOf(0));
    expect(written()).toEqual([event.id]);
    expect((await readAll()).map(({ id }) => id)).toEqual([event.id]);
  });

  it('stays with a leader that has much to do: one late answer is no reason to leave', async () => {
    await append();
    const over = new AbortController();
    const messages = store.subscribe(undefined, over.signal)[Symbol.asyncIterator]();
    await firstEvent(messages);
    const following = drained(messages);
    await new Promise((resolve) => setTimeout(resolve, 900));
    cut(0, CLIENTS);
    await new Promise((resolve) => setTimeout(resolve, 1_700));
    mend(0, CLIENTS);
    for (let i = 0; i < 20; i += 1) {
      await append();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(store.connections?.address).toBe(cluster.addressOf(0));
    expect(store.connections?.calls).toBe(1);
    over.abort();
    await following;
  });

  it('goes round a leader that cannot be reached from here, and back when it can', async () => {
    await append();
    cut(0, CLIENTS);
    const event = newEvent();
    await insist(event);
    expect(written()).toEqual([event.id]);
    expect(store.connections?.use).toBe('forwards');
    mend(0, CLIENTS);
    await until(() => store.connections?.use === 'leads');
  });

  it('goes on after all nodes were gone for long, and says of each append meanwhile that it is not done', async () => {
    await append();
    for (const node of [0, 1, 2]) cluster.kill(node);
    await expect(insistently(append, 4_000)).rejects.toBeInstanceOf(StoreUnready);
    for (const node of [0, 1, 2]) await cluster.restart(node);
    const event = newEvent();
    await insist(event);
    expect(written()).toEqual([event.id]);
    expect(await readAll()).toHaveLength(1);
  });

  it('goes on when the only seed is the node that is lost', async () => {
    await store.close();
    store = connect([0], 'esdb+discover');
    await append();
    cluster.kill(0);
    await insist(newEvent());
    expect(store.connections?.address).not.toBe(cluster.addressOf(0));
  });

  it('is read while nobody leads, and says soon that it takes no writes', async () => {
    await insist(newEvent());
    for (const [one, other] of APART) cut(one, other);
    await expect(insistently(append, 8_000)).rejects.toBeInstanceOf(StoreUnready);
    const began = Date.now();
    await expect(append()).rejects.toBeInstanceOf(StoreUnready);
    expect(Date.now() - began).toBeLessThan(3_000);
    cluster.model.heal();
    await insist(newEvent(), `${stream}-again`);
  });

  it('asks again where a node that does not lead any more refuses to be read', async () => {
    await insist(newEvent());
    cluster.model.handOver(1);
    expect(await readAll()).toHaveLength(1);
    expect(store.connections?.address).toBe(cluster.addressOf(1));
  });

  it('does not let a read wait for ever for a node that has fallen silent', async () => {
    await append();
    cluster.silence(0);
    const began = Date.now();
    await expect(readAll()).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(Date.now() - began).toBeLessThan(6_500);
  });

  it('does not know whether an append was done that was reset in its middle, or not answered', async () => {
    for (const trouble of ['reset', 'reset-after', 'silent', 'time-out'] as const) {
      cluster.troubleWrites(trouble);
      await expect(append()).rejects.toThrow('outcome unknown');
    }
    await insist(newEvent());
  });

  it('does not know whether an append is done that a leader without followers keeps, which may come later', async () => {
    const patient = EventStoreDb.connect(`esdb://${cluster.addressOf(0)},${cluster.addressOf(1)}?tls=false`);
    await patient.head();
    for (const [one, other] of APART) cut(one, other);
    const event = newEvent();
    await expect(patient.append(stream, 'no-stream', [event])).rejects.toThrow('outcome unknown');
    expect(written()).toEqual([]);
    mend(0, 1);
    await until(() => written().length === 1);
    await insist(event);
    expect(written()).toEqual([event.id]);
    await patient.close();
  });

  it('moves a subscription to the new leader, also from one that goes on serving it', async () => {
    await append();
    const over = new AbortController();
    const messages = store.subscribe(undefined, over.signal)[Symbol.asyncIterator]();
    expect(await firstEvent(messages)).toBeDefined();
    cluster.model.handOver(1);
    cluster.model.lag(0);
    await expect(drained(messages)).rejects.toBeInstanceOf(OutcomeUnknown);
    const event = newEvent();
    await insist(event);
    const again = store.subscribe(undefined, over.signal)[Symbol.asyncIterator]();
    for (let seen = ''; seen !== event.id;) seen = (await firstEvent(again)).id;
    expect(store.connections).toMatchObject({ address: cluster.addressOf(1), calls: 1 });
    over.abort();
    await drained(again);
  });

  it('shows a stale node for what it is: it has the past, and what it lacks comes when it has got on', async () => {
    await insist(newEvent());
    const lagging = EventStoreDb.connect(`esdb://${cluster.addressOf(2)}?tls=false`);
    cluster.model.lag(2);
    await append(newEvent(), `${stream}-later`);
    const over = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      for await (const message of lagging.subscribe(undefined, over.signal))
        seen.push(message.kind === 'event' ? message.event.stream : message.kind);
    })();
    await until(() => seen.includes('caught-up'));
    expect(seen).not.toContain(`${stream}-later`);
    expect(await lagging.last(`${stream}-later`)).toBeUndefined();
    cluster.model.lag(2, false);
    await until(() => seen.includes(`${stream}-later`));
    over.abort();
    await following;
    await lagging.close();
  });

  it('lets 250 subscriptions and a read run at once, over as many connections as they take', async () => {
    await insist(newEvent());
    const over = new AbortController();
    const following = Array.from({ length: 250 }, () =>
      store.subscribe(undefined, over.signal)[Symbol.asyncIterator](),
    );
    await Promise.all(following.map(firstEvent));
    expect(await readAll()).toHaveLength(1);
    expect(store.connections).toMatchObject({ connections: 4, calls: 250 });
    over.abort();
    await Promise.all(following.map(drained));
    expect(store.connections?.calls).toBe(0);
  });

  /** Repeats until it is refused because nobody takes it. */
  async function insistently(attempt: () => Promise<unknown>, ms: number): Promise<void> {
    for (const end = Date.now() + ms; ;) {
      try {
        await attempt();
      } catch (error) {
        if (error instanceof StoreUnready || Date.now() > end) throw error;
      }
    }
  }
});
