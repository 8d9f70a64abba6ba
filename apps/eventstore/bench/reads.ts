import { EventStoreDBClient, START, eventTypeFilter } from '@eventstore/db-client';
import { RARE_TYPE } from './events';
import { print } from './report';
import type { ServerProcess } from './server-process';

/** Server CPU seconds and wall seconds of reading everything, for comparing sizes. */
export interface ReadFigures {
  readonly microsecondsPerEvent: number;
  readonly scannedPerCpuSecond: number;
  readonly startMs: number;
}

/** Reads the whole log with the official client, then with a filter that wants almost nothing. */
export async function benchReads(server: ServerProcess, events: number): Promise<ReadFigures> {
  const goals = events === 1_000_000;
  print({
    name: `start on ${events.toLocaleString('en-US')} events, Node included`,
    value: server.startMs,
    unit: 'ms',
    goal: { atMost: goals ? 500 : 1_000 },
  });
  const client = EventStoreDBClient.connectionString(server.url);
  try {
    const microsecondsPerEvent = await everything(client, server, events, goals);
    const scannedPerCpuSecond = await filtered(client, server, events, goals);
    return { microsecondsPerEvent, scannedPerCpuSecond, startMs: server.startMs };
  } finally {
    await client.dispose();
  }
}

async function everything(
  client: EventStoreDBClient,
  server: ServerProcess,
  events: number,
  goals: boolean,
): Promise<number> {
  const before = server.usage();
  const clientBefore = process.cpuUsage();
  const began = performance.now();
  let read = 0;
  for await (const { event } of client.readAll()) if (event !== undefined) read += 1;
  const seconds = (performance.now() - began) / 1e3;
  const after = server.usage();
  const client_ = process.cpuUsage(clientBefore);
  if (read < events) throw new Error(`read ${String(read)} of ${String(events)} events`);
  const each = ((after.cpu - before.cpu) * 1e6) / read;
  print({
    name: `readAll of ${read.toLocaleString('en-US')} events`,
    value: seconds,
    unit: 's',
    ...(goals && { goal: { atMost: 35 } }),
  });
  print({ name: '  server CPU of each event', value: each, unit: 'us', goal: { atMost: 20 } });
  print({ name: '  client CPU of each event', value: (client_.user + client_.system) / read, unit: 'us' });
  print({ name: '  server memory, most', value: after.peakRss / 2 ** 20, unit: 'MiB', goal: { atMost: 250 } });
  return each;
}

async function filtered(
  client: EventStoreDBClient,
  server: ServerProcess,
  events: number,
  goals: boolean,
): Promise<number> {
  const before = server.usage().cpu;
  const wanted = Math.floor(events / 2_000);
  let read = 0;
  const subscription = client.subscribeToAll({
    fromPosition: START,
    filter: eventTypeFilter({ prefixes: [RARE_TYPE], checkpointInterval: 1_000 }),
  });
  for await (const { event } of subscription) {
    if (event !== undefined) read += 1;
    if (read >= wanted) break;
  }
  const scanned = events / (server.usage().cpu - before);
  print({
    name: 'filtered scan, events per second of server CPU',
    value: scanned,
    unit: '/s',
    goal: { atLeast: goals ? 140_000 : 70_000 },
  });
  return scanned;
}
