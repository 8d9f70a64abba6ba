import { randomUUID } from 'node:crypto';
import { EventStoreDb } from '../eventstoredb';
import { OutcomeUnknown, StoreUnready, type LogMessage, type NewEvent, type RecordedEvent } from '../port';
import { FakeNode, type FakeLog } from './testing/fake-node';

const newEvent = (): NewEvent => ({ id: randomUUID(), type: 'tested', data: {}, metadata: {} });

describe('a log of three nodes', () => {
  let log: FakeLog;
  let nodes: [FakeNode, FakeNode, FakeNode];
  let store: EventStoreDb;

  beforeEach(async () => {
    log = { taken: [] };
    nodes = [new FakeNode(log), new FakeNode(log), new FakeNode(log)];
    await Promise.all(nodes.map((node) => node.start()));
    everyoneSees('LFF');
    store = connect(nodes);
  });
  afterEach(async () => {
    await store.close();
    await Promise.all(nodes.map((node) => node.stop()));
  });

  /** What one node says of the three: L, F and O for leader, follower and neither, small where it has no answer of it. */
  function sees(node: FakeNode, states: string): void {
    const roles = { l: 'leader', f: 'follower', o: 'other' } as const;
    node.members = nodes.map(({ address }, i) => {
      const state = states[i] ?? 'o';
      return { address, role: roles[state.toLowerCase() as 'l' | 'f' | 'o'], alive: state !== state.toLowerCase() };
    });
  }
  function everyoneSees(states: string): void {
    for (const node of nodes) sees(node, states);
  }
  const connect = (seeds: readonly FakeNode[], scheme = 'esdb'): EventStoreDb =>
    EventStoreDb.connect(`${scheme}://${seeds.map(({ address }) => address).join(',')}?tls=false`, {
      appendDeadlineMs: 1_000,
    });
  const append = (event = newEvent()): Promise<unknown> => store.append('s', 'no-stream', [event]);
  const takenBy = (id: string): string[] => log.taken.filter((event) => event.id === id).map(({ by }) => by);

  /** Appends one event as everybody in Cairn does: again, with the same id, for as long as it may be taken. */
  async function insist(event: NewEvent): Promise<void> {
    for (const end = Date.now() + 9_000; ;) {
      try {
        await append(event);
        return;
      } catch (error) {
        if (!(error instanceof OutcomeUnknown) || Date.now() > end) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  async function readAll(): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const event of store.read('s')) events.push(event);
    return events;
  }

  it('is written to and read from at its leader', async () => {
    const event = newEvent();
    await append(event);
    expect(takenBy(event.id)).toEqual([nodes[0].address]);
    expect((await readAll()).map(({ id }) => id)).toEqual([event.id]);
    expect(store.connections).toMatchObject({ address: nodes[0].address, use: 'leads' });
  });

  it.each([
    ['killed', (leader: FakeNode) => leader.stop()],
    ['paused', (leader: FakeNode) => void (leader.paused = true)],
    [
      'cut off from the others, and still takes itself for the leader',
      (leader: FakeNode) => void (leader.writes = 'not ready'),
    ],
    ['cut off from the others, and times out', (leader: FakeNode) => void (leader.writes = 'time-out')],
  ])('goes on with the new leader when the old one is %s', async (_, fail) => {
    await append();
    await fail(nodes[0]);
    sees(nodes[1], 'lLF');
    sees(nodes[2], 'lLF');
    const event = newEvent();
    await insist(event);
    expect(takenBy(event.id)).toContain(nodes[1].address);
    expect((await readAll()).map(({ id }) => id)).toContain(event.id);
  });

  it('stays with a leader that has much to do: one late answer is no reason to leave', async () => {
    await append();
    const over = new AbortController();
    const messages = store.subscribe(undefined, over.signal)[Symbol.asyncIterator]();
    await firstEvent(messages);
    const following = drained(messages);
    nodes[0].gossipMs = 1_700;
    await new Promise((resolve) => setTimeout(resolve, 2_700));
    nodes[0].gossipMs = 0;
    for (let i = 0; i < 20; i += 1) {
      await append();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(store.connections?.address).toBe(nodes[0].address);
    expect(nodes[0].running.size).toBe(1);
    over.abort();
    await following;
  });

  it('goes round a leader that cannot be reached from here, and back when it can', async () => {
    await append();
    await nodes[0].stop();
    const event = newEvent();
    await insist(event);
    expect(takenBy(event.id)).not.toContain(nodes[0].address);
    expect(store.connections?.use).toBe('forwards');
    await nodes[0].start();
    await until(() => store.connections?.use === 'leads');
  });

  it('goes on after all nodes were gone for long, and says of each append meanwhile that it is not done', async () => {
    await append();
    await Promise.all(nodes.map((node) => node.stop()));
    await expect(insistently(append, 4_000)).rejects.toBeInstanceOf(StoreUnready);
    await Promise.all(nodes.map((node) => node.start()));
    const event = newEvent();
    await insist(event);
    expect(takenBy(event.id)).toHaveLength(1);
    expect(await readAll()).toHaveLength(2);
  });

  it('goes on when the only seed is the node that is lost', async () => {
    await store.close();
    store = connect([nodes[0]], 'esdb+discover');
    await append();
    await nodes[0].stop();
    sees(nodes[1], 'lLF');
    sees(nodes[2], 'lLF');
    await insist(newEvent());
    expect(store.connections?.address).toBe(nodes[1].address);
  });

  it('is read while nobody leads, and says soon that it takes no writes', async () => {
    await append();
    await nodes[0].stop();
    sees(nodes[1], 'loF');
    sees(nodes[2], 'lOo');
    await expect(insistently(append, 4_000)).rejects.toBeInstanceOf(StoreUnready);
    const began = Date.now();
    await expect(append()).rejects.toBeInstanceOf(StoreUnready);
    expect(Date.now() - began).toBeLessThan(3_000);
    expect(await readAll()).toHaveLength(1);
  });

  it('asks again where a node that does not lead any more refuses to be read', async () => {
    await append();
    nodes[0].reads = 'not leader';
    sees(nodes[0], 'FLF');
    sees(nodes[1], 'FLF');
    sees(nodes[2], 'FLF');
    expect(await readAll()).toHaveLength(1);
    expect(store.connections?.address).toBe(nodes[1].address);
  });

  it('does not let a read wait for ever for a node that has fallen silent', async () => {
    await append();
    nodes[0].reads = 'silent';
    const began = Date.now();
    await expect(readAll()).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(Date.now() - began).toBeLessThan(6_500);
  });

  it('does not know whether an append was done that was reset in its middle, or not answered', async () => {
    nodes[0].writes = 'reset';
    await expect(append()).rejects.toThrow('outcome unknown');
    nodes[0].writes = 'silent';
    await expect(append()).rejects.toThrow('outcome unknown');
    nodes[0].writes = 'takes';
    await insist(newEvent());
  });

  it('moves a subscription to the new leader, also from one that goes on serving it', async () => {
    await append();
    const over = new AbortController();
    const messages = store.subscribe(undefined, over.signal)[Symbol.asyncIterator]();
    expect(await firstEvent(messages)).toBeDefined();
    expect(nodes[0].running.size).toBe(1);
    everyoneSees('FLF');
    await expect(drained(messages)).rejects.toBeInstanceOf(OutcomeUnknown);
    const again = store.subscribe(undefined, over.signal)[Symbol.asyncIterator]();
    expect(await firstEvent(again)).toBeDefined();
    expect([nodes[0].running.size, nodes[1].running.size]).toEqual([0, 1]);
    over.abort();
    await drained(again);
  });

  it('lets 250 subscriptions and a read run at once, over as many connections as they take', async () => {
    await append();
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

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !holds();) {
    if (Date.now() > end) throw new Error('it did not become so');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function firstEvent(messages: AsyncIterator<LogMessage>): Promise<RecordedEvent> {
  for (;;) {
    const next = await messages.next();
    if (next.done === true) throw new Error('the subscription ended');
    if (next.value.kind === 'event') return next.value.event;
  }
}

async function drained(messages: AsyncIterator<LogMessage>): Promise<void> {
  while ((await messages.next()).done !== true);
}
