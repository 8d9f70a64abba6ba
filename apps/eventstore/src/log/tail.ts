import type Database from 'better-sqlite3';
import { CHAIN_ROOT, canonicalSize, chainHash, type ChainedRecord } from './hash-chain';

/** Where the log ends: what the next event continues from. */
export interface LogTail {
  /** Position of the last event, -1 for an empty log. */
  readonly position: number;
  /** Position of the next event. */
  readonly next: number;
  readonly hash: Buffer;
  readonly createdMs: number;
}

const EMPTY: LogTail = { position: -1, next: 0, hash: CHAIN_ROOT, createdMs: 0 };

/** Events whose chain is checked at start: enough to catch a torn end of the log, cheap enough to do always. */
const CHECKED_AT_START = 256;

interface TailRow {
  readonly pos: number;
  readonly rev: number;
  readonly created: number;
  readonly json: number;
  readonly id: Buffer;
  readonly hash: Buffer;
  readonly data: Buffer;
  readonly meta: Buffer;
  readonly stream: string;
  readonly type: string;
}

/** The log does not hold what was written to it. */
export class DamagedLogError extends Error {
  constructor(position: number) {
    super(`damaged log: the hash of the event at position ${String(position)} does not match its content`);
    this.name = 'DamagedLogError';
  }
}

/**
 * Reads the end of the log and checks the hash chain of its last events.
 * @throws DamagedLogError when one of them is not what was written
 */
export function readTail(db: Database.Database): LogTail {
  const rows = db
    .prepare<[number], TailRow>(
      `SELECT pos, rev, created, json, id, hash, data, meta, streams.name AS stream, types.name AS type
       FROM events JOIN streams USING (sid) JOIN types USING (type_id) ORDER BY pos DESC LIMIT ?`,
    )
    .all(CHECKED_AT_START + 1);
  const [last] = rows;
  if (last === undefined) return EMPTY;
  for (const [index, row] of rows.entries()) {
    const previous = rows[index + 1]?.hash ?? (rows.length <= CHECKED_AT_START ? CHAIN_ROOT : undefined);
    if (previous === undefined) break;
    if (!chainHash(previous, recordOf(row)).equals(row.hash)) throw new DamagedLogError(row.pos);
  }
  return {
    position: last.pos,
    next: last.pos + canonicalSize(recordOf(last)),
    hash: last.hash,
    createdMs: last.created,
  };
}

function recordOf(row: TailRow): ChainedRecord {
  return {
    position: row.pos,
    revision: row.rev,
    createdMs: row.created,
    json: row.json === 1,
    id: row.id,
    stream: Buffer.from(row.stream),
    type: Buffer.from(row.type),
    data: row.data,
    metadata: row.meta,
  };
}
