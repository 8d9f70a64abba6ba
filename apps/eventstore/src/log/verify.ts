import type { Database } from '@cairn/sqlite';
import { walkChain, type ChainPoint, type ChainStep } from './chain-walk';
import type { CheckpointBody } from './checkpoint';
import { DamagedLogError } from './damage';
import { TOMBSTONE_REVISION } from './events';
import { readIdentity } from './identity';
import { CHAIN_START } from './tail';

/** What a walk over the whole log found. */
export interface Verified {
  readonly events: number;
  /** Events that scavenges reduced to their digests. */
  readonly removed: number;
  readonly streams: number;
  readonly head: ChainPoint;
}

/**
 * Walks the log from its root: every hash, checksum, position and revision; and that it contains what each checkpoint
 * (already opened, so its signature holds) sums up.
 * @throws DamagedLogError at the first event that is not as it was written
 * @throws Error when the log is not a continuation of a checkpoint
 */
export function verifyLog(db: Database, checkpoints: readonly CheckpointBody[] = []): Verified {
  db.exec('BEGIN');
  try {
    const { storeId } = readIdentity(db);
    const other = checkpoints.find((checkpoint) => checkpoint.storeId !== storeId);
    if (other !== undefined) throw new Error(`the checkpoint is of store ${other.storeId}, this one is ${storeId}`);
    return walk(db, checkpoints);
  } finally {
    db.exec('ROLLBACK');
  }
}

function walk(db: Database, checkpoints: readonly CheckpointBody[]): Verified {
  const open = new Map(checkpoints.map((checkpoint) => [checkpoint.position, checkpoint]));
  const revisions = new Map<number, number>();
  let [events, removed] = [0, 0];
  let head = CHAIN_START;
  for (const step of walkChain(db, CHAIN_START)) {
    if (step.row === undefined) removed += 1;
    else events += 1;
    checkRevision(revisions, step);
    const checkpoint = open.get(step.position);
    if (checkpoint !== undefined && checkpoint.hash !== step.hash.toString('hex'))
      throw new Error(`history up to position ${String(step.position)} is not what was signed at ${checkpoint.at}`);
    open.delete(step.position);
    head = { position: step.position, next: step.next, hash: step.hash };
  }
  for (const { position, at } of open.values()) {
    throw new Error(
      position > head.position
        ? `the log was cut off: it ends at position ${String(head.position)}, and ${String(position)} was signed at ${at}`
        : `history is not what was signed at ${at}: no event begins at position ${String(position)}`,
    );
  }
  return { events, removed, streams: revisions.size, head };
}

function checkRevision(revisions: Map<number, number>, { sid, revision, position }: ChainStep): void {
  const expected = (revisions.get(sid) ?? -1) + 1;
  if (revision !== expected && revision !== TOMBSTONE_REVISION)
    throw new DamagedLogError(position, `has revision ${String(revision)} where ${String(expected)} must follow`);
  revisions.set(sid, revision);
}
