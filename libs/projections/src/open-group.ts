import type { Position } from '@cairn/event-store';
import type { DataSource } from 'typeorm';
import type { Generations } from './database/generations';
import type { RunnerLog } from './read-model';
import { type Group, holds } from './runner/generation';
import { positionOf } from './runner/position';
import { LogHistoryRow } from './runner/rows';
import { SqlRowStore } from './runner/sql-row-store';
import { bookkeeping } from './schema';

/** A generation of an earlier build that answers for a group until this build's has caught up. */
export interface Before {
  readonly generation: string;
  /** Shows other controllers that it is in use. */
  readonly source: DataSource;
  /** The last position of a generation that no longer moves on. */
  readonly upTo: Position;
  /** The history that it was folded from; undefined where it cannot say. */
  readonly history: string | null | undefined;
}

/** A group of read models with the tables of this build's generation. */
export interface OpenGroup {
  readonly group: Group;
  readonly writer: DataSource;
  readonly store: SqlRowStore;
  /** Whether it had caught up with the log when it was last used. */
  readonly built: boolean;
  readonly before: Before | undefined;
}

export async function openGroup(generations: Generations, group: Group, logger: RunnerLog): Promise<OpenGroup> {
  const { name, generation } = group;
  const writer = await sound(generations, group).catch(async (error: unknown) => {
    if (!generations.isDamage(error)) throw error;
    await putAsideDamaged(generations, group, String(error), logger);
    return generations.openWriter(generation, group.entities);
  });
  const store = new SqlRowStore(writer);
  const { built } = await store.checkpoint();
  const before = built ? undefined : await generationBefore(generations, group);
  const others = before === undefined ? {} : { meanwhile: before.generation };
  if (!built) logger.info('read model: a group is built from the log', { group: name, generation, ...others });
  return { group, writer, store, built, before };
}

/** Gets a group that is damaged out of the way, to be built again, and says so. @param why what is wrong with it */
export async function putAsideDamaged(
  generations: Generations,
  { name, generation }: Group,
  why: string,
  logger: RunnerLog,
): Promise<void> {
  await generations.putAside(generation);
  logger.error('read model: a group is damaged, building it again', { group: name, error: why });
  logger.notice?.(`the read models ${name} were damaged (${why}): they are built again from the log`);
}

/** A writer of tables that are all there. */
async function sound(generations: Generations, { generation, entities }: Group): Promise<DataSource> {
  const writer = await generations.openWriter(generation, entities);
  try {
    await answersUpTo(writer);
    return writer;
  } catch (error) {
    await writer.destroy();
    throw error;
  }
}

/** A generation of an earlier build that can answer: complete, and with every column that is asked for. */
async function generationBefore(generations: Generations, group: Group): Promise<Before | undefined> {
  const found = await generations.all();
  for (const generation of found.filter((other) => other !== group.generation && holds(other, group))) {
    const tables = [...bookkeeping, ...group.entities];
    const source = await generations.openReader([generation], tables).catch(() => undefined);
    if (source === undefined) continue;
    const upTo = await answersUpTo(source).catch(() => null);
    const history = await new SqlRowStore(source).history().catch(() => undefined);
    if (upTo !== null) return { generation, source, upTo, history };
    await source.destroy();
  }
  return undefined;
}

/** The position that a database shows; null when it is not complete. Throws when a table or column is missing. */
async function answersUpTo(source: DataSource): Promise<Position | null> {
  const { built, position } = await new SqlRowStore(source).checkpoint();
  for (const { target } of source.entityMetadatas) {
    // No query asks for it, and a generation of 0.1.0 has no such table.
    if (target !== LogHistoryRow) await source.manager.find(target, { take: 1 });
  }
  if (!built) return null;
  return position === null ? 0n : positionOf(position);
}
