import type { EventStore, Position } from '@cairn/event-store';
import type { RunnerLog, Timer } from '../read-model';
import { positionOf } from './position';
import type { Checkpoint, RowStore } from './row-store';

export interface ResumeParts {
  readonly log: Pick<EventStore, 'head' | 'history'>;
  readonly stores: readonly RowStore[];
  readonly logger: RunnerLog;
  readonly timer: Timer;
  readonly signal: AbortSignal;
}

/** How long, in milliseconds, the log may take to reach what the rows show, and how often it is asked. */
const CATCHING_UP = { withinMs: 60_000, everyMs: 500 };

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
 * with other events. A checkpoint beyond the end shows the same, but not at once: the node that answers may be one that
 * was cut off from the others, and is behind for a while.
 */
export async function resume({ stores, logger, ...parts }: ResumeParts): Promise<Resumed> {
  const history = (await parts.log.history()) ?? null;
  const found: (readonly [RowStore, Checkpoint, string | null])[] = [];
  for (const store of stores) {
    const before = await store.history();
    found.push([store, await store.checkpoint(), before]);
  }
  // after the checkpoints, which another controller may be moving on: they cannot be beyond a head that is seen later
  const head = await headBeyond(
    found.flatMap(([, { position }, before]) => (position === null || before !== history ? [] : positionOf(position))),
    parts,
  );
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

/** The end of the log, once it is not before those positions, or when that takes too long. @throws when told to stop */
async function headBeyond(
  positions: readonly Position[],
  { log, timer, signal }: Pick<ResumeParts, 'log' | 'timer' | 'signal'>,
): Promise<Position> {
  for (let waited = 0; ; waited += CATCHING_UP.everyMs) {
    const head = await log.head();
    if (waited >= CATCHING_UP.withinMs || positions.every((position) => position <= head)) return head;
    await timer.sleep(CATCHING_UP.everyMs, signal);
    signal.throwIfAborted();
  }
}
