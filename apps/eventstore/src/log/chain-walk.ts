import type { Database } from '@cairn/sqlite';
import { DamagedLogError } from './damage';
import { TOMBSTONE_REVISION } from './events';
import { canonicalBytes, chainHash, checksumOf, digestOf, type ChainedRecord } from './hash-chain';

/** A place in the chain: everything up to it is summed up in the hash. */
export interface ChainPoint {
  /** Of the last event before it; -1 at the root. */
  readonly position: number;
  /** Where the next event must begin. */
  readonly next: number;
  readonly hash: Buffer;
}

/** One step along the chain: an event, or the digest that a scavenge kept of one. */
export interface ChainStep extends ChainPoint {
  readonly sid: number;
  readonly revision: number;
  readonly digest: Buffer;
  /** Undefined for an event that was removed. */
  readonly row: ChainRow | undefined;
}

/** An event with all its columns. */
export interface ChainRow {
  readonly pos: number;
  readonly sid: number;
  readonly rev: number;
  readonly type_id: number;
  readonly json: number;
  readonly created: number;
  readonly id: Buffer;
  readonly hash: Buffer;
  readonly data: Buffer;
  readonly meta: Buffer;
  readonly sum: number;
  /** Null when the row that it names is gone: the hash will not match. */
  readonly stream: string | null;
  readonly type: string | null;
}

/** What a scavenge keeps of an event. */
export interface RemovedRow {
  readonly pos: number;
  readonly sid: number;
  readonly rev: number;
  readonly size: number;
  readonly digest: Buffer;
}

const EVENTS = `SELECT pos, sid, rev, type_id, json, created, id, hash, data, meta, sum,
    streams.name AS stream, types.name AS type
  FROM events LEFT JOIN streams USING (sid) LEFT JOIN types USING (type_id) WHERE pos > ? ORDER BY pos`;
const REMOVED = 'SELECT pos, sid, rev, size, digest FROM removed WHERE pos > ? ORDER BY pos';

/**
 * Walks the log from a point on and recomputes every link: positions without gaps, content that fits its checksum and
 * its hash. Both tables are read as one snapshot when the caller holds a transaction.
 * @throws DamagedLogError at the first event that does not follow
 */
export function* walkChain(db: Database, from: ChainPoint): Generator<ChainStep> {
  const removed = db.prepare<[number], RemovedRow>(REMOVED).iterate(from.position);
  let gap = removed.next();
  let point = from;
  for (const row of db.prepare<[number], ChainRow>(EVENTS).iterate(from.position)) {
    for (; gap.done !== true && gap.value.pos < row.pos; gap = removed.next()) {
      const step = overRemoved(point, gap.value);
      point = step;
      yield step;
    }
    const step = overEvent(point, row);
    point = step;
    yield step;
  }
  // The newest event is never scavenged, so nothing may follow it.
  if (gap.done !== true) throw new DamagedLogError(gap.value.pos, 'was removed, and nothing follows it');
}

/** Where new logs begin: to clients a position of 0 means "from the start", so no event may stand there. */
export const FIRST_POSITION = 1;
/** Where logs of older builds begin. */
const OLD_FIRST_POSITION = 0;

function follows({ position, next }: ChainPoint, pos: number): boolean {
  return pos === next || (position < 0 && pos === OLD_FIRST_POSITION);
}

function overRemoved(before: ChainPoint, { pos, sid, rev, size, digest }: RemovedRow): ChainStep {
  if (!follows(before, pos)) throw missing(before);
  return {
    position: pos,
    next: pos + size,
    hash: chainHash(before.hash, digest),
    sid,
    revision: rev,
    digest,
    row: undefined,
  };
}

function overEvent(before: ChainPoint, row: ChainRow): ChainStep {
  const where = `(${row.stream ?? 'a stream without a name'}, revision ${revisionText(row.rev)})`;
  if (!follows(before, row.pos)) throw missing(before);
  const canonical = canonicalBytes(recordOf(row));
  if (checksumOf(canonical) !== row.sum) throw new DamagedLogError(row.pos, `${where} does not match its checksum`);
  const digest = digestOf(canonical);
  const hash = chainHash(before.hash, digest);
  if (!hash.equals(row.hash)) throw new DamagedLogError(row.pos, `${where} does not follow from the event before it`);
  return {
    position: row.pos,
    next: row.pos + canonical.length,
    hash,
    sid: row.sid,
    revision: row.rev,
    digest,
    row,
  };
}

function missing({ next }: ChainPoint): DamagedLogError {
  return new DamagedLogError(next, 'is missing');
}

function revisionText(revision: number): string {
  return revision === TOMBSTONE_REVISION ? 'of its tombstone' : String(revision);
}

/** The record that an event's hash covers. */
export function recordOf(row: Omit<ChainRow, 'hash' | 'sum' | 'sid' | 'type_id'>): ChainedRecord {
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
