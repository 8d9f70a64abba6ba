import { randomUUID } from 'node:crypto';
import { EventStoreDb, type Position } from '@cairn/event-store';
import { EmbeddedCluster } from '../../apps/eventstore/src/faults/cluster/embedded-cluster';
import { RELEASES } from '../../apps/eventstore/src/faults/cluster/filtered-feed';
import { TemporaryLog } from '../../apps/eventstore/src/testing/temporary-log';

const UNWANTED = { without: ['unwanted'] };

describe.each(RELEASES)('a server with the checkpoints of %s', (release) => {
  const temporary = new TemporaryLog();
  let cluster: EmbeddedCluster;
  let store: EventStoreDb;

  beforeAll(async () => {
    cluster = await EmbeddedCluster.start(temporary.open(), { size: 1, release });
    store = EventStoreDb.connect(`esdb://${cluster.addressOf(0)}?tls=false`);
  });
  afterAll(async () => {
    await store.close();
    cluster.stop();
    temporary.remove();
  });

  const append = async (type: string): Promise<Position> => {
    const event = { id: randomUUID(), type, data: {}, metadata: {} };
    return (await store.append(`s-${event.id}`, 'no-stream', [event])).position;
  };

  /** Where a subscriber stands when it has caught up. */
  async function caughtUp(after: Position | undefined): Promise<Position | undefined> {
    let at = after;
    const over = new AbortController();
    for await (const message of store.subscribe(after, over.signal, UNWANTED)) {
      if (message.kind === 'caught-up') break;
      at = message.kind === 'event' ? message.event.position : message.position;
    }
    over.abort();
    return at;
  }

  async function nextAfter(after: Position | undefined): Promise<Position | undefined> {
    const over = new AbortController();
    for await (const message of store.subscribe(after, over.signal, UNWANTED)) {
      if (message.kind === 'event') return message.event.position;
      if (message.kind === 'caught-up') return undefined;
    }
    return undefined;
  }

  it('hides no event from a subscriber that resumes where it had caught up, with nothing, a part of a page or full ones behind', async () => {
    const empty = await caughtUp(undefined);
    await append('unwanted');
    const nothing = await caughtUp(empty);
    const first = await append('wanted');
    expect(await nextAfter(nothing)).toBe(first);
    let at = await caughtUp(undefined);
    for (const count of [1, 30, 31, 32, 64]) {
      await Promise.all(Array.from({ length: count }, () => append('wanted')));
      const reached = await caughtUp(at);
      const next = await append('wanted');
      expect([count, await nextAfter(reached)]).toEqual([count, next]);
      at = reached;
    }
  });
});
