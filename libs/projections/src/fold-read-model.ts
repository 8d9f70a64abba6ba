import type { RecordedEvent } from '@cairn/event-store';
import type { ReadModelDatabase } from './database/database';
import { type Generations, generationsIn } from './database/generations';
import type { AnyProjection } from './projection';
import { projections as cairns } from './projections';
import { applyBatch } from './runner/batch';
import { Folder } from './runner/folder';
import { type Group, groupsOf } from './runner/generation';
import { MemoryReadModel } from './runner/memory-read-model';
import { positionText } from './runner/position';
import { ParkedStreamRow } from './runner/rows';
import { SqlRowStore } from './runner/sql-row-store';

/** Rows in one statement's list, where the database takes lists. */
const INSERTED_AT_ONCE = 5_000;

export interface FoldOptions {
  readonly database: ReadModelDatabase;
  /** Names the history that the events are of (`EventStore.history`), asked for when all of them have come. */
  readonly history: () => Promise<string | undefined>;
  /** All of Cairn's, unless told otherwise. */
  readonly projections?: readonly AnyProjection[];
}

/**
 * Makes the read models of all events at once: folds in memory and writes each row once, where following the log writes
 * a row for each of its changes. Nothing is written unless all batches came; the runner goes on from the last event.
 * No controller may use the database meanwhile.
 * @param batches the whole log, in its order
 * @returns how many events there were
 * @throws UnknownEvent, and what `batches` throws
 */
export async function foldReadModel(
  { database, history, projections = cairns }: FoldOptions,
  batches: AsyncIterable<readonly RecordedEvent[]>,
): Promise<number> {
  const [folder, rows] = [new Folder(projections), new MemoryReadModel()];
  let events = 0;
  for await (const batch of batches) {
    const last = batch.at(-1);
    if (last === undefined) continue;
    const { position, parked } = await rows.checkpoint();
    const tasks = batch.flatMap((event) => folder.tasks(event));
    await rows.advance(position, positionText(last.position), async (tx) => {
      await applyBatch(tasks, tx, parked);
    });
    events += batch.length;
  }
  const target = { generations: generationsIn(database), history: (await history()) ?? null };
  const groups = groupsOf(projections);
  for (const { generation } of groups)
    if (!(await target.generations.remove(generation)))
      throw new Error('a controller uses the read models: end it first');
  for (const group of groups) await write(rows, group, target);
  return events;
}

interface Target {
  readonly generations: Generations;
  readonly history: string | null;
}

async function write(rows: MemoryReadModel, group: Group, { generations, history }: Target): Promise<void> {
  const writer = await generations.openWriter(group.generation, group.entities);
  try {
    const store = new SqlRowStore(writer);
    await store.reset(history);
    const { position } = await rows.checkpoint();
    if (position !== null)
      await store.advance(null, position, async (tx) => {
        for (const entity of group.entities) {
          const all = rows.all(entity);
          for (let from = 0; from < all.length; from += INSERTED_AT_ONCE)
            await tx.put(entity, all.slice(from, from + INSERTED_AT_ONCE));
        }
        const own = new Set(group.projections.map(({ name }) => name));
        const parked = rows.all(ParkedStreamRow).filter(({ projection }) => own.has(projection));
        if (parked.length > 0) await tx.park(parked);
      });
    await store.markBuilt();
  } finally {
    await writer.destroy();
  }
}
