import {
  type EventStore,
  linkOf,
  MemoryEventStore,
  OutcomeUnknown,
  type RecordedEvent,
  StoreRefused,
  streamHash,
} from '@cairn/event-store';
import { type AgentEvent, agentStream } from '@cairn/host-protocol';

import { type AgentRecord, AgentStream } from './agent-stream';
import { silentLog } from './ports/log.port';
import { VirtualClock } from './testing/virtual-clock';

const hostId = 'host-1';
const stream = agentStream(hostId);
const drift = (name: string): AgentEvent => ({
  type: 'agent.drift-detected.v1',
  data: { hostId, bootId: 'boot-1', kind: 'foreign-domain', name },
});
const record = (id: string): AgentRecord => ({
  id,
  at: '2026-11-22T12:00:00.000Z',
  commandId: `effect-${id}`,
  correlationId: `request-${id}`,
  event: drift(id),
});
const open = (store: EventStore): AgentStream =>
  new AgentStream({ store, clock: new VirtualClock(), log: silentLog, hostId, bootId: 'boot-1' });

/** A store with a say in what happens around each append: `before` may throw, and so may `after`. */
function disturbed(store: MemoryEventStore, around: { before?: () => void; after?: () => void }): EventStore {
  const append: EventStore['append'] = async (...args) => {
    around.before?.();
    const result = await store.append(...args);
    around.after?.();
    return result;
  };
  return new Proxy<EventStore>(store, {
    get: (target, name) => {
      if (name === 'append') return append;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}

/** Throws `error` the first `times` times. */
const failing = (times: number, error: () => Error): (() => void) => {
  let left = times;
  return () => {
    left -= 1;
    if (left >= 0) throw error();
  };
};

describe('AgentStream', () => {
  let store: MemoryEventStore;
  beforeEach(() => {
    store = new MemoryEventStore();
  });
  const ids = (): readonly string[] => store.all().map(({ id }) => id);

  it('records the time, host, boot and resource with each event', async () => {
    await open(store).append(record('a'));
    const metadata = store.all()[0]?.metadata;
    expect(metadata).toMatchObject({ at: '2026-11-22T12:00:00.000Z', hostId, bootId: 'boot-1', commandId: 'effect-a' });
    expect(metadata).toMatchObject({ $correlationId: 'request-a' });
  });

  it('keeps the order of asking, and shares an append between those who wait', async () => {
    let appends = 0;
    const agent = open(disturbed(store, { before: () => (appends += 1) }));
    const names = Array.from({ length: 300 }, (_, i) => `e${String(i)}`);
    await Promise.all(names.map((name) => agent.append(record(name))));
    expect(ids()).toEqual(names);
    expect(appends).toBeLessThan(10);
  });

  it('chains the hashes, also over a restart of the agent', async () => {
    const first = open(store);
    await Promise.all(['a', 'b', 'c'].map((id) => first.append(record(id))));
    await open(store).append(record('d'));
    let link = '';
    for (const event of store.all()) {
      link = streamHash(link, event);
      expect(linkOf(event)).toBe(link);
    }
    expect(ids()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('tries again for as long as it takes while the store is away', async () => {
    const away = failing(40, () => new OutcomeUnknown('UNAVAILABLE'));
    await open(disturbed(store, { before: away })).append(record('a'));
    expect(ids()).toEqual(['a']);
  });

  it('appends once when an append got through but its answer did not', async () => {
    const agent = open(disturbed(store, { after: failing(3, () => new OutcomeUnknown('CANCELLED')) }));
    await Promise.all(['a', 'b'].map((id) => agent.append(record(id))));
    expect(ids()).toEqual(['a', 'b']);
  });

  it('finds its place again behind events of another process, and keeps the chain', async () => {
    const [one, other] = [open(store), open(store)];
    await one.append(record('a'));
    await other.append(record('b'));
    await one.append(record('c'));
    await other.append(record('d'));
    expect(ids()).toEqual(['a', 'b', 'c', 'd']);
    const last = store.all()[3];
    expect(linkOf(last)).toBe(streamHash(linkOf(store.all()[2]), last as RecordedEvent));
  });

  it('appends once when it got through, and another process wrote behind it before the answer was missed', async () => {
    const other = open(store);
    await other.append(record('a'));
    let disturbing = true;
    const agent = open(
      disturbed(store, {
        after: () => {
          if (!disturbing) return;
          disturbing = false;
          throw new OutcomeUnknown('UNAVAILABLE');
        },
      }),
    );
    const mine = agent.append(record('b'));
    await other.append(record('c'));
    await mine;
    expect([...ids()].sort()).toEqual(['a', 'b', 'c']);
  });

  it('appends a repeated outcome again: the controller that asks again may have lost it', async () => {
    const agent = open(store);
    await agent.append(record('a'));
    await agent.append(record('a'));
    expect(ids()).toEqual(['a', 'a']);
  });

  it('rejects an event that the store refuses, and goes on with the rest', async () => {
    const agent = open(disturbed(store, { before: failing(1, () => new StoreRefused('too large')) }));
    await expect(agent.append(record('a'))).rejects.toThrow(StoreRefused);
    await agent.append(record('b'));
    expect(ids()).toEqual(['b']);
    expect(store.all()[0]?.stream).toBe(stream);
  });
});
