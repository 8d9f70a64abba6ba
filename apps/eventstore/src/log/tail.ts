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

/** How much of the chain is checked at start: enough to catch a torn end of the log, cheap enough to do always. */
const CHECKED_EVENTS = 256;
const CHECKED_BYTES = 4 * 1024 * 1024;

interface TailRow {
  readonly pos: number;
  readonly rev: number;
  readonly created: number;
  readonly json: number;
  readonly id: Buffer;
  readonly hash: Buffer;
  readonly data: Buffer;
  readonly meta: Buffer;
  /** Null when the row that it names is gone: the hash will not match. */
  readonly stream: string | null;
  readonly type: string | null;
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
  const backwards = db
    .prepare<[], TailRow>(
      `SELECT pos, rev, created, json, id, hash, data, meta, streams.name AS stream, types.name AS type
       FROM events LEFT JOIN streams USING (sid) LEFT JOIN types USING (type_id) ORDER BY pos DESC`,
    )
    .iterate();
  let tail: LogTail | undefined;
  let later: TailRow | undefined;
  let [events, bytes] = [0, 0];
  for (const row of backwards) {
    tail ??= {
      position: row.pos,
      next: row.pos + canonicalSize(recordOf(row)),
      hash: row.hash,
      createdMs: row.created,
    };
    if (later !== undefined) check(later, row.hash);
    later = row;
    events += 1;
    bytes += row.data.length + row.meta.length;
    if (events > CHECKED_EVENTS || bytes > CHECKED_BYTES) return tail;
  }
  if (later !== undefined) check(later, CHAIN_ROOT);
  return tail ?? EMPTY;
}

function check(row: TailRow, previous: Buffer): void {
  if (!chainHash(previous, recordOf(row)).equals(row.hash)) throw new DamagedLogError(row.pos);
}

function recordOf(row: TailRow): ChainedRecord {
  return {
    position: row.pos,
    revision: row.rev,
    createdMs: row.created,
    json: row.json === 1,
    id: row.id,
    stream: Buffer.from(row.stream ?? ''),
    type: Buffer.from(row.type ?? ''),
    data: row.data,
    metadata: row.meta,
  };
}
