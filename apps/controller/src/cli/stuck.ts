import { aggregateOf, fold, type Message, parseStream, upcast } from '@cairn/domain';
import type { EventStore } from '@cairn/event-store';
import { parkedStreams } from '@cairn/projections';
import { join } from 'node:path';

import type { ControllerConfig } from '../config';
import { connectStore } from '../connect-store';
import type { DueEntry } from '../runtime/due-index';
import { SqlDueIndex } from '../runtime/due-index.sql';
import { contextOf } from '../runtime/event-metadata';
import { readModelDatabase } from '../read-model-database';
import { PROCESS_INDEX } from '../state-files';
import { collect } from './log-scan';

/**
 * Lists streams whose rows stand still, and what streams owe and could not do yet: what, to whom, since how many tries, and
 * the last error.
 */
export async function stuck(config: ControllerConfig): Promise<number> {
  for (const line of await parked(config)) process.stdout.write(`${line}\n`);
  const index = await SqlDueIndex.open(join(config.stateDir, PROCESS_INDEX));
  const store = connectStore(config);
  try {
    const { entries } = await index.load();
    for (const entry of entries) process.stdout.write(await described(store, entry));
    process.stdout.write(`${String(entries.length)} streams owe something\n`);
    return 0;
  } finally {
    await store.close();
    await index.close();
  }
}

async function parked(config: ControllerConfig): Promise<readonly string[]> {
  try {
    const streams = await parkedStreams(await readModelDatabase(config));
    return streams.map(
      ({ id, eventType, position, projection, reason }) =>
        `PARKED ${id}: ${projection} shows nothing of it from ${eventType} at ${String(BigInt(position))} on: ${reason}`,
    );
  } catch (error) {
    return [`the read models cannot be asked which streams are parked: ${String(error)}`];
  }
}

/** What a stream owes, or why that cannot be said. */
async function described(store: EventStore, entry: DueEntry): Promise<string> {
  try {
    return await describe(store, entry);
  } catch (error) {
    return `${entry.stream}: it cannot be read: ${String(error)}\n`;
  }
}

async function describe(store: EventStore, entry: DueEntry): Promise<string> {
  const aggregate = aggregateOf(parseStream(entry.stream)?.category ?? '');
  if (aggregate === undefined) return '';
  const events = await collect(store.read(entry.stream));
  const steps = events.map((event) => [upcast(event as Message), contextOf(event)] as const);
  const effects = aggregate.due?.(fold(aggregate, steps)) ?? [];
  const owed = effects.map((effect) => {
    if (effect.kind === 'job') return `  job ${effect.job.kind} for host ${effect.hostId}`;
    return effect.kind === 'place'
      ? '  a host'
      : `  ${effect.command.type} to ${effect.target.category}-${effect.target.id}`;
  });
  const tries = entry.attempts === 0 ? '' : `, ${String(entry.attempts)} tries failed: ${entry.lastError ?? ''}`;
  return `${entry.stream}: next at ${entry.nextDueAt}${tries}\n${owed.join('\n')}\n`;
}
