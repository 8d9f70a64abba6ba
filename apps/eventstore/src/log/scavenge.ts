import type { Database, Statement } from '@cairn/sqlite';
import { recordOf, type ChainRow } from './chain-walk';
import { DamagedLogError } from './damage';
import { TOMBSTONE_REVISION } from './events';
import { canonicalBytes, checksumOf, digestOf } from './hash-chain';
import { firstVisible, type Heads, type StreamHead } from './heads';

/** Events that one transaction removes: it bounds how long appends and reads wait for it. */
const SLICE = 200;
/** Streams that are looked at in one turn of the event loop. */
const STREAMS = 100;

/** What a scavenge removed. */
export interface Scavenged {
  readonly events: number;
  /** Bytes of their payload; the file keeps its size and uses the space for later events. */
  readonly bytes: number;
}

/** The parts of the log that a scavenge works on. */
export interface ScavengerParts {
  readonly db: Database;
  readonly heads: Heads;
  readonly now: () => number;
  /** Position of the newest event, which always stays: the next one continues from it. */
  readonly lastPosition: () => number;
}

/**
 * Removes the events that deletes, `$tb`, `$maxCount` and `$maxAge` hide. Of each it keeps position, size and digest, so
 * that no position is used again and the chain can be walked over the gap. Each stream keeps its newest event, from which
 * its revisions continue.
 */
export class Scavenger {
  private readonly streams: Statement<[number, number], { sid: number; name: string }>;
  private readonly hidden: Statement<[number, number, number, number, number], ChainRow>;
  private readonly keep: Statement<[number, number, number, number, Buffer]>;
  private readonly drop: Statement<[number]>;

  constructor(private readonly parts: ScavengerParts) {
    const { db } = parts;
    this.streams = db.prepare('SELECT sid, name FROM streams WHERE sid > ? ORDER BY sid LIMIT ?');
    this.hidden = db.prepare(
      `SELECT events.*, streams.name AS stream, types.name AS type
       FROM events LEFT JOIN streams USING (sid) LEFT JOIN types USING (type_id)
       WHERE sid = ? AND rev < ? AND (rev < ? OR created < ?) ORDER BY rev LIMIT ?`,
    );
    this.keep = db.prepare('INSERT INTO removed (pos, sid, rev, size, digest) VALUES (?, ?, ?, ?, ?)');
    this.drop = db.prepare('DELETE FROM events WHERE pos = ?');
  }

  /**
   * Goes through all streams; `pause` lets other work happen between two slices.
   * @throws DamagedLogError when events that it would remove were altered: then they stay
   */
  async run(pause: () => Promise<void>): Promise<Scavenged> {
    let [events, bytes, after] = [0, 0, 0];
    for (;;) {
      const streams = this.streams.all(after, STREAMS);
      for (const { sid, name } of streams) {
        for (;;) {
          const removed = this.slice(sid, name);
          events += removed.length;
          for (const row of removed) bytes += row.data.length + row.meta.length;
          if (removed.length < SLICE) break;
          await pause();
        }
        after = sid;
      }
      if (streams.length < STREAMS) return { events, bytes };
      await pause();
    }
  }

  private slice(sid: number, name: string): readonly ChainRow[] {
    const head = this.parts.heads.get(name);
    const { maxAgeSeconds } = head.retention;
    const expired = maxAgeSeconds === undefined ? 0 : this.parts.now() - maxAgeSeconds * 1_000;
    const first = visibleFrom(head);
    if (first <= 0 && expired <= 0) return [];
    const newest = this.parts.lastPosition();
    const rows = this.hidden.all(sid, head.last, first, expired, SLICE).filter(({ pos }) => pos !== newest);
    if (rows.length > 0)
      this.parts.db.transaction(() => {
        for (const row of rows) this.remove(row);
      });
    return rows;
  }

  private remove(row: ChainRow): void {
    const canonical = canonicalBytes(recordOf(row));
    if (checksumOf(canonical) !== row.sum) throw new DamagedLogError(row.pos, 'does not match its checksum');
    this.keep.run(row.pos, row.sid, row.rev, canonical.length, digestOf(canonical));
    this.drop.run(row.pos);
  }
}

/** A tombstone hides all that was before it. */
function visibleFrom(head: StreamHead): number {
  return head.tombstoned ? TOMBSTONE_REVISION : firstVisible(head);
}
