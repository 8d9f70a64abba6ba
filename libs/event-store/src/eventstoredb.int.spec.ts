import { randomUUID } from 'node:crypto';
import {
  startEmbeddedEventStore,
  temporaryDirectory,
  type EmbeddedEventStore,
} from '../../../test/support/embedded-eventstore';
import { eventStoreContract } from './event-store.contract';
import { EventStoreDb } from './eventstoredb';
import { OutcomeUnknown, StoreRefused, type LogMessage, type NewEvent } from './port';

eventStoreContract('EventStoreDb on the embedded event store', async () => {
  const directory = await temporaryDirectory();
  const server = await startEmbeddedEventStore({ directory: directory.path });
  const store = EventStoreDb.connect(server.url);
  return {
    store,
    async end() {
      await store.close();
      await server.stop();
      await directory.remove();
    },
  };
});

describe('EventStoreDb when the store fails', () => {
  let directory: { readonly path: string; remove(): Promise<void> };
  let server: EmbeddedEventStore;
  let store: EventStoreDb;

  beforeEach(async () => {
    directory = await temporaryDirectory();
    server = await startEmbeddedEventStore({ directory: directory.path });
    store = EventStoreDb.connect(server.url, { appendDeadlineMs: 3_000 });
  });
  afterEach(async () => {
    await store.close();
    await server.stop();
    await directory.remove();
  });

  it('sends appends in the order in which they are asked for, also over a new connection', async () => {
    const streams = Array.from({ length: 64 }, () => `s-${randomUUID()}`);
    await Promise.all(streams.map((stream) => store.append(stream, 'no-stream', [event(1)])));
    const seen: string[] = [];
    const stop = new AbortController();
    for await (const message of store.subscribe(undefined, stop.signal)) {
      if (message.kind === 'caught-up') break;
      if (message.kind === 'event') seen.push(message.event.stream);
    }
    stop.abort();
    expect(seen).toEqual(streams);
  });

  it('calls an append to a store that is not there an unknown outcome', async () => {
    await server.stop('SIGKILL');
    await expect(store.append('s-1', 'no-stream', [event(1)])).rejects.toBeInstanceOf(OutcomeUnknown);
    await expect(store.last('s-1')).rejects.toBeInstanceOf(OutcomeUnknown);
    await expect(store.head()).rejects.toBeInstanceOf(OutcomeUnknown);
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'settles every one of many appends when the store ends by %s, and goes on when it is back',
    async (signal) => {
      const streams = Array.from({ length: 300 }, () => `s-${randomUUID()}`);
      const appends = streams.map((stream) => store.append(stream, 'no-stream', [event(1)]));
      await appends[0];
      await server.stop(signal);
      const outcomes = await Promise.allSettled(appends);
      const errors = outcomes.flatMap((o) => (o.status === 'rejected' ? [o.reason as unknown] : []));
      expect(errors.length).toBeGreaterThan(0);
      expect(errors.every((error) => error instanceof OutcomeUnknown)).toBe(true);
      server = await startEmbeddedEventStore({ directory: directory.path, port: server.port });
      await eventually(() => store.append('s-back', 'no-stream', [event(2)]));
      for (const [i, outcome] of outcomes.entries()) {
        if (outcome.status === 'fulfilled') expect((await store.last(streams[i] ?? ''))?.revision).toBe(0n);
      }
    },
  );

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'ends a subscription with an error when the store ends by %s; a new one goes on from the last position',
    async (signal) => {
      await store.append('s-1', 'no-stream', [event(1), event(2)]);
      const subscription = store.subscribe(undefined, new AbortController().signal)[Symbol.asyncIterator]();
      const first = await nextEvent(subscription);
      await nextEvent(subscription);
      await server.stop(signal);
      await expect(drain(subscription)).rejects.toBeInstanceOf(OutcomeUnknown);
      server = await startEmbeddedEventStore({ directory: directory.path, port: server.port });
      const again = await eventually(async () => {
        const resumed = store.subscribe(first.event.position, new AbortController().signal)[Symbol.asyncIterator]();
        return { resumed, second: await nextEvent(resumed) };
      });
      expect(again.second.event.data).toEqual({ n: 2 });
      await again.resumed.return?.();
    },
  );

  it('refuses what the store would never take, before it is sent', async () => {
    const huge = { ...event(1), data: { text: 'x'.repeat(1024 * 1024) } };
    await expect(store.append('s-1', 'no-stream', [huge])).rejects.toBeInstanceOf(StoreRefused);
    const unencodable = { ...event(1), data: { n: 1n } };
    await expect(store.append('s-1', 'no-stream', [unencodable])).rejects.toBeInstanceOf(StoreRefused);
    await expect(store.append('s-1', 'no-stream', [{ ...event(1), id: 'no uuid' }])).rejects.toBeInstanceOf(
      StoreRefused,
    );
    await expect(store.append('s-1', 'no-stream', [event(1)])).resolves.toMatchObject({ revision: 0n });
  });
});

function event(n: number): NewEvent {
  return { id: randomUUID(), type: 'contract.noted.v1', data: { n }, metadata: {} };
}

async function nextEvent(messages: AsyncIterator<LogMessage>): Promise<LogMessage & { kind: 'event' }> {
  for (;;) {
    const next = await messages.next();
    if (next.done === true) throw new Error('the subscription ended');
    if (next.value.kind === 'event') return next.value;
  }
}

async function drain(messages: AsyncIterator<LogMessage>): Promise<void> {
  while ((await messages.next()).done !== true);
}

/** Tries until it works: gRPC backs off before it connects again. */
async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
