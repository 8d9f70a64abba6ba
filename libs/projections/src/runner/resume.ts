import type { EventStore, Position } from '@cairn/event-store';
import type { RunnerLog } from '../read-model';
import { positionOf } from './position';
import type { RowStore } from './row-store';

export interface ResumeParts {
  readonly log: Pick<EventStore, 'head' | 'history'>;
  readonly store: RowStore;
  readonly logger: RunnerLog;
}

/** Where the rows stand that the log is to be followed with. */
export interface Resumed {
  /** The checkpoint as it is stored. */
  readonly stored: string | null;
  readonly parked: ReadonlySet<string>;
  readonly head: Position;
  readonly history: string | null;
  /** True when rows were thrown away. */
  readonly anew: boolean;
}

/**
 * Where to go on. Rows of another history are worth nothing: a restored older copy may have grown beyond the checkpoint
 * with other events. Where the log does not say which it is, a checkpoint beyond its end shows the same.
 */
export async function resume({ log, store, logger }: ResumeParts): Promise<Resumed> {
  const history = (await log.history()) ?? null;
  const before = await store.history();
  const { position: stored, parked } = await store.checkpoint();
  // after the checkpoint, which another controller may be moving on: it cannot be beyond a head that is seen later
  const head = await log.head();
  const beyond = stored !== null && positionOf(stored) > head;
  if (before === history && !beyond) return { stored, parked, head, history, anew: false };
  if (stored !== null) {
    const why = beyond ? 'its checkpoint is beyond the end of the log' : 'it was made from another history of the log';
    logger.error(`read model: ${why}, building it anew`, { stored, before, history });
  }
  await store.reset(history, before);
  return { stored: null, parked: new Set(), head, history, anew: stored !== null };
}
