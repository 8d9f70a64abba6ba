import { randomUUID } from 'node:crypto';
import { EventStoreDBClient } from '@eventstore/db-client';
import { clientEvent } from './events';
import type { RawFigures } from './raw-sqlite';
import { percentile, print } from './report';
import type { ServerProcess } from './server-process';

const SEQUENTIAL = 1_500;
const FLOOD = 20_000;
const IN_FLIGHT = 256;
const HUNDREDS = 400;
const HUNDREDS_IN_FLIGHT = 8;
const DELIVERIES = 500;

/** Appends through the official client: one after the other, many at once, in hundreds; and how soon they are delivered. */
export async function benchAppends(server: ServerProcess, raw: RawFigures): Promise<void> {
  const client = EventStoreDBClient.connectionString(server.url);
  try {
    await client.appendToStream(`bench-${randomUUID()}`, clientEvent(0));
    await flood(client, 2_000, 1, IN_FLIGHT); // warms up both ends
    await sequential(client, raw);
    await single(client, server, raw);
    await hundreds(client, server, raw);
    await delivery(client);
  } finally {
    await client.dispose();
  }
}

async function sequential(client: EventStoreDBClient, raw: RawFigures): Promise<void> {
  const stream = `bench-${randomUUID()}`;
  const times: number[] = [];
  for (let n = 0; n < SEQUENTIAL; n += 1) {
    const began = performance.now();
    await client.appendToStream(stream, clientEvent(n));
    times.push(performance.now() - began);
  }
  const p50 = percentile(times, 0.5);
  const ratio = `${(p50 / raw.commitP50).toFixed(1)} x a commit of one row`;
  print({ name: 'sequential append, p50', value: p50, unit: 'ms', goal: { atMost: 2 }, ratio });
  print({ name: 'sequential append, p99', value: percentile(times, 0.99), unit: 'ms' });
}

async function single(client: EventStoreDBClient, server: ServerProcess, raw: RawFigures): Promise<void> {
  const { seconds, cpu } = await measured(server, () => flood(client, FLOOD, 1, IN_FLIGHT));
  const rate = FLOOD / seconds;
  const ratio = `${(rate / raw.single).toFixed(2)} x one row a commit`;
  print({
    name: `single appends, ${String(IN_FLIGHT)} in flight`,
    value: rate,
    unit: '/s',
    goal: { atLeast: 3_500 },
    ratio,
  });
  print({ name: '  server CPU of each', value: (cpu * 1e6) / FLOOD, unit: 'us', goal: { atMost: 110 } });
}

async function hundreds(client: EventStoreDBClient, server: ServerProcess, raw: RawFigures): Promise<void> {
  const { seconds, cpu } = await measured(server, () => flood(client, HUNDREDS, 100, HUNDREDS_IN_FLIGHT));
  const rate = (HUNDREDS * 100) / seconds;
  const ratio = `${(rate / raw.hundreds).toFixed(2)} x a hundred rows a commit`;
  print({ name: 'events in appends of 100', value: rate, unit: '/s', goal: { atLeast: 15_000 }, ratio });
  print({ name: '  server CPU of each event', value: (cpu * 1e6) / (HUNDREDS * 100), unit: 'us' });
}

async function delivery(client: EventStoreDBClient): Promise<void> {
  const stream = `bench-${randomUUID()}`;
  const subscription = client.subscribeToStream(stream);
  const arrived = subscription[Symbol.asyncIterator]();
  const times: number[] = [];
  for (let n = 0; n < DELIVERIES; n += 1) {
    const began = performance.now();
    const appended = client.appendToStream(stream, clientEvent(n));
    await arrived.next();
    times.push(performance.now() - began);
    await appended;
  }
  await subscription.unsubscribe();
  print({
    name: 'append to delivered at an idle subscriber, p50',
    value: percentile(times, 0.5),
    unit: 'ms',
    goal: { atMost: 3 },
  });
  print({ name: 'append to delivered at an idle subscriber, p99', value: percentile(times, 0.99), unit: 'ms' });
}

/** Keeps so many appends in flight until all are done, each of `events` events to a stream of its own. */
async function flood(client: EventStoreDBClient, appends: number, events: number, inFlight: number): Promise<void> {
  const run = randomUUID();
  let next = 0;
  const writer = async (): Promise<void> => {
    for (let n = next; n < appends; n = next) {
      next += 1;
      const batch = Array.from({ length: events }, (_, i) => clientEvent(n * events + i));
      await client.appendToStream(`bench-${run}-${String(n)}`, batch, { expectedRevision: 'no_stream' });
    }
  };
  await Promise.all(Array.from({ length: inFlight }, writer));
}

async function measured(
  server: ServerProcess,
  work: () => Promise<void>,
): Promise<{ readonly seconds: number; readonly cpu: number }> {
  const before = server.usage().cpu;
  const began = performance.now();
  await work();
  return { seconds: (performance.now() - began) / 1e3, cpu: server.usage().cpu - before };
}
