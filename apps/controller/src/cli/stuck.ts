import { aggregateOf, type Effect, parseStream } from '@cairn/domain';
import type { EventStore, Position } from '@cairn/event-store';
import { parkedStreams } from '@cairn/projections';
import { join } from 'node:path';

import type { ControllerConfig } from '../config';
import { connectStore } from '../connect-store';
import type { DueEntry } from '../runtime/due-index';
import { SqlDueIndex } from '../runtime/due-index.sql';
import { readModelDatabase } from '../read-model-database';
import { PROCESS_INDEX } from '../state-files';
import { stateOf } from './folded';
import { logFrom } from './log-scan';

/** A stream with what it owes. */
export interface Owing {
  readonly stream: string;
  readonly effects: readonly Effect[];
  /** What the process index knows; undefined while the work is tried for the first time. */
  readonly entry: DueEntry | undefined;
  /** Why nobody can say what it owes; null when somebody can. */
  readonly unreadable: string | null;
}

/**
 * Lists streams whose rows stand still, and what streams owe and could not do yet: what, to whom, since how many tries, and
 * the last error.
 */
export async function stuck(config: ControllerConfig): Promise<number> {
  for (const line of await parked(config)) process.stdout.write(`${line}\n`);
  const index = await SqlDueIndex.open(join(config.stateDir, PROCESS_INDEX));
  const store = connectStore(config);
  try {
    let streams = 0;
    for await (const owing of owed(store, await index.load())) {
      streams += 1;
      process.stdout.write(described(owing));
    }
    process.stdout.write(`${String(streams)} streams owe something\n`);
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

/**
 * The streams that owe something by the log as it is now. The index has those whose work was put off; of what is being
 * tried at this moment it knows only that the log was not worked off further than its checkpoint.
 */
export async function* owed(
  store: Pick<EventStore, 'read' | 'subscribe'>,
  index: { readonly checkpoint: Position | undefined; readonly entries: readonly DueEntry[] },
): AsyncIterable<Owing> {
  const known = new Map<string, DueEntry | undefined>(index.entries.map((entry) => [entry.stream, entry]));
  for await (const { stream } of logFrom(store, index.checkpoint)) if (!known.has(stream)) known.set(stream, undefined);
  for (const [stream, entry] of known) {
    try {
      const effects = await effectsOf(store, stream);
      if (effects.length > 0) yield { stream, effects, entry, unreadable: null };
    } catch (error) {
      yield { stream, effects: [], entry, unreadable: String(error) };
    }
  }
}

async function effectsOf(store: Pick<EventStore, 'read'>, stream: string): Promise<readonly Effect[]> {
  const aggregate = aggregateOf(parseStream(stream)?.category ?? '');
  if (aggregate?.due === undefined) return [];
  return aggregate.due(await stateOf(store, aggregate, stream));
}

function described({ stream, effects, entry, unreadable }: Owing): string {
  if (unreadable !== null) return `${stream}: it cannot be read: ${unreadable}\n`;
  const lines = effects.map((effect) => {
    if (effect.kind === 'job') return `  job ${effect.job.kind} for host ${effect.hostId}`;
    return effect.kind === 'place'
      ? '  a host'
      : `  ${effect.command.type} to ${effect.target.category}-${effect.target.id}`;
  });
  return `${stream}: ${tries(entry)}\n${lines.join('\n')}\n`;
}

function tries(entry: DueEntry | undefined): string {
  if (entry === undefined) return 'being tried for the first time';
  const { nextDueAt, attempts, lastError } = entry;
  return `next at ${nextDueAt}${attempts === 0 ? '' : `, ${String(attempts)} tries failed: ${lastError ?? ''}`}`;
}
