import type { EventStore } from '@cairn/event-store';
import type { ReadModelDatabase } from './database/database';
import { type Generations, generationsIn } from './database/generations';
import { GroupedReadModel } from './grouped-read-model';
import { openGroup, type OpenGroup } from './open-group';
import { MendingReadModel } from './mending-read-model';
import type { AnyProjection } from './projection';
import { projections as cairns } from './projections';
import type { ReadModel, RunnerLog, Timer } from './read-model';
import { type Group, groupsOf } from './runner/generation';
import { ParkedStreamRow } from './runner/rows';
import { bookkeeping } from './schema';

export interface ReadModelOptions {
  readonly database: ReadModelDatabase;
  readonly log: Pick<EventStore, 'head' | 'history' | 'subscribe'>;
  readonly timer: Timer;
  readonly logger: RunnerLog;
  /** Told when log and database answer again after they did not. */
  readonly onResumed?: () => void;
  /** Events in one transaction, at most; 4,000 unless told otherwise. */
  readonly batchSize?: number;
  /** All of Cairn's, unless told otherwise. */
  readonly projections?: readonly AnyProjection[];
}

/**
 * Opens the read models and begins to follow the log. A group whose generation is not built yet is built from the log;
 * meanwhile a generation of the build before answers for it, where its tables still have the shape that is read. That is
 * deleted afterwards. The other groups go on as they are. Groups that are damaged, now or later, are built again.
 */
export async function openReadModel(options: ReadModelOptions): Promise<ReadModel> {
  const { database, projections = cairns } = options;
  const { timer, logger } = options;
  const generations = generationsIn(database);
  const groups = groupsOf(projections);
  const open = async (onError: (error: unknown) => void): Promise<ReadModel> => {
    const model = new GroupedReadModel(options, generations, await opened(generations, groups, logger), onError);
    try {
      await model.start();
      return model;
    } catch (error) {
      await model.close();
      throw error;
    }
  };
  return MendingReadModel.open({ generations, groups, timer, logger, open, onResumed: options.onResumed });
}

/** All of them or none. */
async function opened(
  generations: Generations,
  groups: readonly Group[],
  logger: RunnerLog,
): Promise<readonly OpenGroup[]> {
  const tried = await Promise.allSettled(groups.map((group) => openGroup(generations, group, logger)));
  const failed = tried.find((one) => one.status === 'rejected');
  const open = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  if (failed === undefined) return open;
  for (const { writer, before } of open) for (const source of [writer, before?.source]) await source?.destroy();
  throw failed.reason;
}

/** The streams whose rows stand still, and why, as this build's read models have it. */
export async function parkedStreams(
  database: ReadModelDatabase,
  projections: readonly AnyProjection[] = cairns,
): Promise<readonly ParkedStreamRow[]> {
  const generations = generationsIn(database);
  const there = await generations.all();
  const parked: ParkedStreamRow[] = [];
  for (const { generation } of groupsOf(projections)) {
    if (!there.includes(generation)) continue;
    const source = await generations.openReader([generation], bookkeeping);
    try {
      parked.push(...(await source.manager.find(ParkedStreamRow)));
    } finally {
      await source.destroy();
    }
  }
  return parked;
}

/** Forgets all that a database holds of read models; what another process uses stays. */
export async function dropReadModels(database: ReadModelDatabase): Promise<void> {
  const generations = generationsIn(database);
  for (const each of await generations.all()) await generations.remove(each);
}
