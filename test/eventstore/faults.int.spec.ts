import { randomUUID } from 'node:crypto';
import { DomainError, later, type Message, serverReservation, type StreamRef, streamRef } from '@cairn/domain';
import { EventStoreDb, OutcomeUnknown, type RecordedEvent } from '@cairn/event-store';
import { CommandExecutor } from '../../apps/controller/src/runtime/execute';
import { SYSTEM } from '../../apps/controller/src/runtime/ports';
import { Snapshots } from '../../apps/controller/src/runtime/snapshots';
import { systemClock } from '../../apps/controller/src/runtime/system-clock';
import { startEmbeddedEventStore, temporaryDirectory, type EmbeddedEventStore } from '../support/embedded-eventstore';

const WRITERS = 64;
const STREAMS = 32;
const COMMANDS = 3;
const SEED = Number(process.env['SEED'] ?? 7);
const FAULTS = [
  `seed=${String(SEED)},unavailable=0.03,lostAck=0.05,silentAck=0.005,delay=0.2,delayMs=30,drop=0.02,notLeader=0.02`,
];

interface Written {
  readonly commandId: string;
  readonly stream: StreamRef;
  readonly events: readonly { readonly id: string }[];
}

/** One controller: its own client, its own caches. */
function controller(url: string): { readonly store: EventStoreDb; readonly executor: CommandExecutor } {
  const store = EventStoreDb.connect(url, { appendDeadlineMs: 500 });
  const snapshots = new Snapshots(store, () => undefined);
  const commandHash = (canonical: string): string => canonical;
  return { store, executor: new CommandExecutor({ store, clock: systemClock, snapshots, commandHash }) };
}

/** Carries out one command, as an impatient client does: again with the same id when the answer was "try again". */
async function carryOut(executor: CommandExecutor, stream: StreamRef): Promise<Written> {
  const commandId = randomUUID();
  const command: Message = {
    type: 'ReserveQuota',
    data: { reservations: [serverReservation(randomUUID(), { vcpus: 1, ramMb: 1 })] },
  };
  for (;;) {
    try {
      const { events } = await executor.carry(stream, command, {
        commandId,
        actor: SYSTEM,
        api: 'test',
        requestId: 'req-1',
        clientAddress: null,
        correlationId: commandId,
        causationId: commandId,
        deadline: later(systemClock.now(), 5_000),
      });
      return { commandId, stream, events };
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind !== 'unavailable') throw error;
    }
  }
}

/** Follows the log until it was given so many events, and subscribes again behind the last one whenever it breaks. */
async function followed(
  store: EventStoreDb,
  count: number,
): Promise<{ readonly events: readonly RecordedEvent[]; readonly breaks: number }> {
  const events: RecordedEvent[] = [];
  let breaks = 0;
  while (events.length < count) {
    try {
      for await (const message of store.subscribe(events.at(-1)?.position, new AbortController().signal)) {
        if (message.kind === 'event' && message.event.stream.startsWith('quota-')) events.push(message.event);
        if (events.length >= count) break;
      }
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) throw error;
      breaks += 1;
    }
  }
  return { events, breaks };
}

describe(`an event store that fails now and then (SEED=${String(SEED)})`, () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let server: EmbeddedEventStore;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    const env = { CAIRN_ALLOW_FAULTS: 'yes' };
    server = await startEmbeddedEventStore({ directory: directory.path, args: ['--faults', ...FAULTS], env });
  });
  afterAll(async () => {
    await server.stop();
    await directory.remove();
  });

  it(`lets ${String(WRITERS)} writers of two controllers finish, with nothing lost, nothing twice and one order for all`, async () => {
    const controllers = [controller(server.url), controller(server.url)] as const;
    const reader = EventStoreDb.connect(server.url);
    const following = followed(reader, WRITERS * COMMANDS);
    const streams = Array.from({ length: STREAMS }, (): StreamRef => streamRef('quota', randomUUID()));
    const writing = Array.from({ length: WRITERS }, async (_, n): Promise<readonly Written[]> => {
      const { executor } = controllers[n % 2 === 0 ? 0 : 1];
      const written: Written[] = [];
      const stream = streams[Math.floor(n / 2)] ?? streamRef('quota', '');
      for (let i = 0; i < COMMANDS; i += 1) written.push(await carryOut(executor, stream));
      return written;
    });
    const written = (await Promise.all(writing)).flat();
    const { events: seen, breaks } = await following;
    await Promise.all([...controllers.map(({ store }) => store.close()), reader.close()]);

    // The log itself, without faults in between.
    await server.stop();
    server = await startEmbeddedEventStore({ directory: directory.path });
    const honest = EventStoreDb.connect(server.url);
    const { events: all } = await followed(honest, WRITERS * COMMANDS);
    const stored = new Map<string, RecordedEvent[]>();
    for (const event of all) stored.set(event.stream, [...(stored.get(event.stream) ?? []), event]);
    await honest.close();

    expect(breaks).toBeGreaterThan(0);
    expect(all).toHaveLength(WRITERS * COMMANDS);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(seen.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    for (const events of stored.values()) {
      expect(events.map(({ revision }) => revision)).toEqual(events.map((_, n) => BigInt(n)));
    }
    for (const { commandId, stream, events } of written) {
      const mine = (stored.get(`quota-${stream.id}`) ?? []).filter(
        ({ metadata }) => metadata['commandId'] === commandId,
      );
      expect(mine).toHaveLength(1);
      for (const { id } of events) expect(mine.map((event) => event.id)).toContain(id);
    }
  }, 120_000);
});
