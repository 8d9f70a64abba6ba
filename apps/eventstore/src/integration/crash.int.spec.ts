import { setTimeout as sleep } from 'node:timers/promises';
import { END, EventStoreDBClient } from '@eventstore/db-client';
import {
  bundleEventStore,
  startEmbeddedEventStore,
  temporaryDirectory,
  type EmbeddedEventStore,
} from '../../../../test/support/embedded-eventstore';
import { openReadOnly } from '../log/schema';
import { verifyLog } from '../log/verify';
import { noted } from '../testing/client';

/** Each is another by itself: when the server is killed is chance. */
const ROUNDS = process.env['CAIRN_TEST_DEPTH'] === 'deep' ? 100 : 10;
const WRITERS = 64;
const APPENDS_BEFORE_KILL = 100;

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

/**
 * Compares the log's file, which nobody has open, with what was acknowledged: every hash and revision holds (so none is
 * missing, torn or of another run), and each acknowledged event is where its writer was told. Returns the last position.
 */
function verify(directory: string, acknowledged: Acknowledged): bigint {
  const db = openReadOnly(directory);
  try {
    const { head } = verifyLog(db);
    const rows = db.prepare<[], { place: string; id: Buffer; pos: number }>(
      "SELECT name || '/' || rev AS place, id, pos FROM events JOIN streams USING (sid)",
    );
    let found = 0;
    for (const { place, id, pos } of rows.iterate()) {
      const told = acknowledged.get(place);
      if (told === undefined) continue;
      found += 1;
      if (told.id.replaceAll('-', '') !== id.toString('hex')) throw new Error(`${place} is not what was acknowledged`);
      if (told.position >= 0n && told.position !== BigInt(pos)) throw new Error(`${place} is elsewhere`);
    }
    expect(found).toBe(acknowledged.size);
    return BigInt(head.position);
  } finally {
    db.close();
  }
}

/** What a reader saw of a log before the kill: it must all be there afterwards, because it was committed. */
async function watch(url: string, seen: Map<bigint, string>): Promise<void> {
  const client = EventStoreDBClient.connectionString(url);
  try {
    for await (const { event } of client.subscribeToAll({ fromPosition: END }))
      if (event !== undefined) seen.set(event.position.commit, event.id);
  } catch {
    // The server was killed.
  }
  await client.dispose();
}

function verifySeen(directory: string, seen: ReadonlyMap<bigint, string>): void {
  const db = openReadOnly(directory);
  try {
    const at = db.prepare<[bigint], { id: Buffer }>('SELECT id FROM events WHERE pos = ?');
    for (const [position, id] of seen) expect(at.get(position)?.id.toString('hex')).toBe(id.replaceAll('-', ''));
  } finally {
    db.close();
  }
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('the writers did not get far enough');
    await sleep(1); // spinning would take the processor from the server
  }
}

describe('a crash', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let server: EmbeddedEventStore;
  let bundle: string;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    bundle = bundleEventStore(directory.path);
    server = await startEmbeddedEventStore({ directory: directory.path, bundle });
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
      const seen = new Map<bigint, string>();
      const watcher = watch(server.url, seen);
      await until(() => acknowledged.size >= before + APPENDS_BEFORE_KILL);
      await server.stop('SIGKILL');
      await Promise.all([...writers, watcher]);
      await Promise.all(clients.map((client) => client.dispose()));
      const after = verify(directory.path, acknowledged);
      verifySeen(directory.path, seen);
      expect(after > last).toBe(true);
      last = after;
      server = await startEmbeddedEventStore({ directory: directory.path, bundle });
    }
    expect(acknowledged.size).toBeGreaterThanOrEqual(ROUNDS * APPENDS_BEFORE_KILL);
  }, 1_500_000);
});
