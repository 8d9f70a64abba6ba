import type { EventStore } from '@cairn/event-store';
import type { ReadModelDatabase } from './database/database';
import { type Generations, generationsIn } from './database/generations';
import { GroupedReadModel } from './grouped-read-model';
import { openGroup, type OpenGroup } from './open-group';
import type { AnyProjection } from './projection';
import { projections as cairns } from './projections';
import type { ReadModel, RunnerLog, Timer } from './read-model';
import { type Group, groupsOf } from './runner/generation';

export interface ReadModelOptions {
  readonly database: ReadModelDatabase;
  readonly log: Pick<EventStore, 'head' | 'history' | 'subscribe'>;
  readonly timer: Timer;
  readonly logger: RunnerLog;
  /** Events in one transaction, at most; 4,000 unless told otherwise. */
  readonly batchSize?: number;
  /** All of Cairn's, unless told otherwise. */
  readonly projections?: readonly AnyProjection[];
}

/**
 * Opens the read models and begins to follow the log. A group whose generation is not built yet is built from the log;
 * meanwhile a generation of the build before answers for it, where its tables still have the shape that is read. That is
 * deleted afterwards. The other groups go on as they are.
 */
export async function openReadModel(options: ReadModelOptions): Promise<ReadModel> {
  const { database, projections = cairns } = options;
  const generations = generationsIn(database);
  const groups = await opened(generations, groupsOf(projections), options.logger);
  const model = new GroupedReadModel(options, generations, groups);
  await model.start();
  return model;
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

/** Forgets all that a database holds of read models; what another process uses stays. */
export async function dropReadModels(database: ReadModelDatabase): Promise<void> {
  const generations = generationsIn(database);
  for (const each of await generations.all()) await generations.remove(each);
}
