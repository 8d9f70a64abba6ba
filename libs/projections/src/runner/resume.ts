import type { EventStore, Position } from '@cairn/event-store';
import type { RunnerLog } from '../read-model';
import { positionOf } from './position';
import type { Checkpoint, RowStore } from './row-store';

export interface ResumeParts {
  readonly log: Pick<EventStore, 'head' | 'history'>;
  readonly stores: readonly RowStore[];
  readonly logger: RunnerLog;
}

/** Where the rows stand that the log is to be followed with. */
export interface Resumed {
  /** Of each store, in their order. */
  readonly checkpoints: readonly Checkpoint[];
  readonly head: Position;
  readonly history: string | null;
  /** True when rows were thrown away. */
  readonly startedOver: boolean;
}

/**
 * Where to go on. Rows of another history are worth nothing: a restored older copy may have grown beyond the checkpoint
 * with other events. Where the log does not say which it is, a checkpoint beyond its end shows the same.
 */
export async function resume({ log, stores, logger }: ResumeParts): Promise<Resumed> {
  const history = (await log.history()) ?? null;
  const found: (readonly [RowStore, Checkpoint, string | null])[] = [];
  for (const store of stores) {
    const before = await store.history();
    found.push([store, await store.checkpoint(), before]);
  }
  // after the checkpoints, which another controller may be moving on: they cannot be beyond a head that is seen later
  const head = await log.head();
  const checkpoints: Checkpoint[] = [];
  let startedOver = false;
  for (const [store, checkpoint, before] of found) {
    const { position: stored } = checkpoint;
    const beyond = stored !== null && positionOf(stored) > head;
    if (before === history && !beyond) {
      checkpoints.push(checkpoint);
      continue;
    }
    if (stored !== null) {
      const why = beyond
        ? 'its checkpoint is beyond the end of the log'
        : 'it was made from another history of the log';
      logger.error(`read model: ${why}, building it again`, { stored, before, history });
      startedOver = true;
    }
    await store.reset(history, before);
    checkpoints.push({ position: null, built: false, parked: new Set() });
  }
  return { checkpoints, head, history, startedOver };
}
