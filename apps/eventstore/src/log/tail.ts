import type { Database } from '@cairn/sqlite';
import { FIRST_POSITION, recordOf, walkChain, type ChainPoint, type ChainRow } from './chain-walk';
import { CHAIN_ROOT, canonicalSize } from './hash-chain';

/** Where the log ends: what the next event continues from. */
export interface LogTail extends ChainPoint {
  readonly createdMs: number;
}

/** Where every log begins. */
export const CHAIN_START: ChainPoint = { position: -1, next: FIRST_POSITION, hash: CHAIN_ROOT };

/** How much of the chain is checked at start: enough to catch a torn end of the log, cheap enough to do always. */
const CHECKED_EVENTS = 256;
const CHECKED_BYTES = 4 * 1024 * 1024;

/**
 * Reads the end of the log and checks the hash chain of its last events.
 * @throws DamagedLogError when one of them was altered
 */
export function readTail(db: Database): LogTail {
  let tail: LogTail = { ...CHAIN_START, createdMs: 0 };
  for (const step of walkChain(db, startOfTail(db))) {
    if (step.row !== undefined) tail = { ...pointOf(step), createdMs: step.row.created };
  }
  return tail;
}

/** A point so far back that what is checked from there is bounded. */
function startOfTail(db: Database): ChainPoint {
  const backwards = db
    .prepare<[], ChainRow>(
      `SELECT events.*, streams.name AS stream, types.name AS type
       FROM events LEFT JOIN streams USING (sid) LEFT JOIN types USING (type_id) ORDER BY pos DESC`,
    )
    .iterate();
  let [events, bytes] = [0, 0];
  for (const row of backwards) {
    events += 1;
    bytes += row.data.length + row.meta.length;
    if (events > CHECKED_EVENTS || bytes > CHECKED_BYTES)
      return { position: row.pos, next: row.pos + canonicalSize(recordOf(row)), hash: row.hash };
  }
  return CHAIN_START;
}

function pointOf({ position, next, hash }: ChainPoint): ChainPoint {
  return { position, next, hash };
}
