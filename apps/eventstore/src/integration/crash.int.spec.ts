import { EventStoreDBClient } from '@eventstore/db-client';
import {
  startEmbeddedEventStore,
  temporaryDirectory,
  type EmbeddedEventStore,
} from '../../../../test/support/embedded-eventstore';
import { noted } from '../testing/client';

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 4);
const WRITERS = 32;
const APPENDS_BEFORE_KILL = 300;

/** What writers were told: `stream/revision` to event id and position. */
type Acknowledged = Map<string, { readonly id: string; readonly position: bigint }>;

/** Appends to a stream of its own until the server is gone, and notes what was acknowledged. */
async function write(client: EventStoreDBClient, stream: string, acknowledged: Acknowledged): Promise<void> {
  for (let n = 0; ; n += 1) {
    const events = Array.from({ length: 1 + (n % 3) }, (_, i) => noted(n * 10 + i));
    try {
      const { nextExpectedRevision, position } = await client.appendToStream(stream, events);
      for (const [i, { id }] of events.entries()) {
        const revision = nextExpectedRevision - BigInt(events.length - 1 - i);
        const last = i === events.length - 1;
        acknowledged.set(`${stream}/${String(revision)}`, { id, position: last ? (position?.commit ?? -1n) : -1n });
      }
    } catch {
      return;
    }
  }
}

/** Compares the whole log with what was acknowledged; returns the last position. */
async function verify(url: string, acknowledged: Acknowledged): Promise<bigint> {
  const client = EventStoreDBClient.connectionString(url);
  const next = new Map<string, bigint>();
  let last = -1n;
  let found = 0;
  for await (const { event } of client.readAll()) {
    if (event === undefined) continue;
    expect(event.position.commit > last).toBe(true);
    last = event.position.commit;
    expect(event.revision).toBe(next.get(event.streamId) ?? 0n);
    next.set(event.streamId, event.revision + 1n);
    const told = acknowledged.get(`${event.streamId}/${String(event.revision)}`);
    if (told === undefined) continue;
    found += 1;
    expect(event.id).toBe(told.id);
    if (told.position >= 0n) expect(event.position.commit).toBe(told.position);
  }
  expect(found).toBe(acknowledged.size);
  await client.dispose();
  return last;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('the writers did not get far enough');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a crash', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let server: EmbeddedEventStore;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    server = await startEmbeddedEventStore({ directory: directory.path });
  });
  afterAll(async () => {
    await server.stop();
    await directory.remove();
  });

  it(`loses nothing acknowledged: ${String(ROUNDS)} kills under ${String(WRITERS)} writers`, async () => {
    const acknowledged: Acknowledged = new Map();
    let last = -1n;
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = acknowledged.size;
      const clients = Array.from({ length: 4 }, () => EventStoreDBClient.connectionString(server.url));
      const writers = clients.flatMap((client, c) =>
        Array.from({ length: WRITERS / 4 }, (_, i) => write(client, `w-${String(c)}-${String(i)}`, acknowledged)),
      );
      await until(() => acknowledged.size >= before + APPENDS_BEFORE_KILL);
      await server.stop('SIGKILL');
      await Promise.all(writers);
      await Promise.all(clients.map((client) => client.dispose()));
      server = await startEmbeddedEventStore({ directory: directory.path });
      const after = await verify(server.url, acknowledged);
      expect(after > last).toBe(true);
      last = after;
    }
    expect(acknowledged.size).toBeGreaterThanOrEqual(ROUNDS * APPENDS_BEFORE_KILL);
  }, 600_000);
});
