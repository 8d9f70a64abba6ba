import { aggregateOf, fold, type Message, parseStream, upcast } from '@cairn/domain';
import type { EventStore } from '@cairn/event-store';
import { join } from 'node:path';

import type { ControllerConfig } from '../config';
import { connectStore } from '../connect-store';
import type { DueEntry } from '../runtime/due-index';
import { SqlDueIndex } from '../runtime/due-index.sql';
import { contextOf } from '../runtime/event-metadata';
import { PROCESS_INDEX } from '../state-files';
import { collect } from './log-scan';

/** Lists what streams owe and could not do yet: what, to whom, since how many tries, and the last error. */
export async function stuck(config: ControllerConfig): Promise<number> {
  const index = await SqlDueIndex.open(join(config.stateDir, PROCESS_INDEX));
  const store = connectStore(config);
  try {
    const { entries } = await index.load();
    for (const entry of entries) process.stdout.write(await describe(store, entry));
    process.stdout.write(`${String(entries.length)} streams owe something\n`);
    return 0;
  } finally {
    await store.close();
    await index.close();
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
