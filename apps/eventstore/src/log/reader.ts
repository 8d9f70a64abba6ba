import type { Database, Statement } from '@cairn/sqlite';
import { DamagedLogError } from './damage';
import { PAGE_BYTES, PAGE_ROWS, TOMBSTONE_REVISION, type StoredEvent } from './events';
import { canonicalBytes, canonicalSize, checksumOf } from './hash-chain';
import type { Names } from './names';

const COLUMNS = 'pos, sid, rev, type_id, json, created, id, data, meta, sum';

type EventRow = [number, number, number, number, number, number, Buffer, Buffer, Buffer, number];

/** What a filter needs of an event, without its payload: position, stream row id, type row id. */
export type ScannedRow = readonly [position: number, sid: number, typeId: number];

/** A range of one stream's revisions, both ends included. */
export interface RevisionRange {
  readonly sid: number;
  readonly first: number;
  readonly last: number;
  /** Only events created at or after this moment (ms since 1970); 0 for all. */
  readonly createdSince: number;
}

/** A range of positions, both ends included. */
export interface PositionRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Pages of committed events. A page ends after {@link PAGE_ROWS} rows or {@link PAGE_BYTES} of payload, whichever comes
 * first, so that memory and the time away from the event loop are bounded; an empty page means the range is exhausted.
 * Every event is checked against its checksum, and every page for events that are missing from it.
 * @throws DamagedLogError instead of returning an event that nobody wrote
 */
export class LogReader {
  private readonly streamForward: Statement<[number, number, number, number, number], EventRow>;
  private readonly streamBackward: Statement<[number, number, number, number, number], EventRow>;
  private readonly allForward: Statement<[number, number, number], EventRow>;
  private readonly allBackward: Statement<[number, number, number], EventRow>;
  private readonly narrowForward: Statement<[number, number, number], ScannedRow>;
  private readonly narrowBackward: Statement<[number, number, number], ScannedRow>;
  private readonly removedBytes: Statement<[number, number], [number | null]>;
  private readonly byPosition: Statement<[number], EventRow>;
  private readonly byRevision: Statement<[number, number], EventRow>;

  constructor(
    db: Database,
    private readonly names: Names,
  ) {
    const inStream = `SELECT ${COLUMNS} FROM events WHERE sid = ? AND rev BETWEEN ? AND ? AND created >= ?`;
    const inAll = 'FROM events WHERE pos BETWEEN ? AND ?';
    this.streamForward = db.prepare(`${inStream} ORDER BY rev LIMIT ?`).raw();
    this.streamBackward = db.prepare(`${inStream} ORDER BY rev DESC LIMIT ?`).raw();
    this.allForward = db.prepare(`SELECT ${COLUMNS} ${inAll} ORDER BY pos LIMIT ?`).raw();
    this.allBackward = db.prepare(`SELECT ${COLUMNS} ${inAll} ORDER BY pos DESC LIMIT ?`).raw();
    this.narrowForward = db.prepare(`SELECT pos, sid, type_id ${inAll} ORDER BY pos LIMIT ?`).raw();
    this.narrowBackward = db.prepare(`SELECT pos, sid, type_id ${inAll} ORDER BY pos DESC LIMIT ?`).raw();
    this.removedBytes = db.prepare('SELECT sum(size) FROM removed WHERE pos >= ? AND pos < ?').raw();
    this.byPosition = db.prepare(`SELECT ${COLUMNS} FROM events WHERE pos = ?`).raw();
    this.byRevision = db.prepare(`SELECT ${COLUMNS} FROM events WHERE sid = ? AND rev = ?`).raw();
  }

  streamPage(range: RevisionRange, backwards: boolean, limit = PAGE_ROWS): readonly StoredEvent[] {
    const statement = backwards ? this.streamBackward : this.streamForward;
    const rows = Math.min(limit, PAGE_ROWS);
    const events = this.collect(statement.iterate(range.sid, range.first, range.last, range.createdSince, rows));
    checkRevisions(events, backwards ? -1 : 1);
    return events;
  }

  allPage(range: PositionRange, backwards: boolean, limit = PAGE_ROWS): readonly StoredEvent[] {
    const statement = backwards ? this.allBackward : this.allForward;
    const events = this.collect(statement.iterate(range.first, range.last, Math.min(limit, PAGE_ROWS)));
    this.checkPositions(events, backwards);
    return events;
  }

  /** A page for filters: no payload is read, so only its rows are bounded. */
  scanPage(range: PositionRange, backwards: boolean): readonly ScannedRow[] {
    return (backwards ? this.narrowBackward : this.narrowForward).all(range.first, range.last, PAGE_ROWS);
  }

  /**
   * Whether a position lies inside an event, so that nothing begins there. The last byte of one is allowed: an append of
   * nothing is said to stand there.
   */
  isInsideEvent(position: number): boolean {
    const [event] = this.allPage({ first: 0, last: position }, true, 1);
    if (event === undefined || event.position === position) return false;
    return position < event.position + sizeOf(event) - 1;
  }

  at(position: number): StoredEvent | undefined {
    const row = this.byPosition.get(position);
    return row === undefined ? undefined : this.toEvent(row);
  }

  atRevision(sid: number, revision: number): StoredEvent | undefined {
    const row = this.byRevision.get(sid, revision);
    return row === undefined ? undefined : this.toEvent(row);
  }

  /** The name of a stream or an event type, by its row id. */
  nameOf(kind: 'stream' | 'type', id: number): string {
    return kind === 'stream' ? this.names.stream(id).name : this.names.type(id).name;
  }

  private collect(rows: Iterable<EventRow>): readonly StoredEvent[] {
    const events: StoredEvent[] = [];
    let bytes = 0;
    for (const row of rows) {
      events.push(this.toEvent(row));
      bytes += row[7].length + row[8].length;
      if (bytes >= PAGE_BYTES) break;
    }
    return events;
  }

  /** Positions follow from sizes, so a page shows by itself whether an event is missing that no scavenge removed. */
  private checkPositions(events: readonly StoredEvent[], backwards: boolean): void {
    for (let i = 1; i < events.length; i += 1) {
      const [earlier, later] = backwards ? [events[i], events[i - 1]] : [events[i - 1], events[i]];
      if (earlier === undefined || later === undefined) continue;
      const end = earlier.position + sizeOf(earlier);
      if (end !== later.position && this.removedBytes.get(end, later.position)?.[0] !== later.position - end)
        throw new DamagedLogError(end, 'is missing');
    }
  }

  private toEvent(row: EventRow): StoredEvent {
    const event = {
      position: row[0],
      stream: this.names.stream(row[1]),
      revision: row[2],
      type: this.names.type(row[3]),
      json: row[4] === 1,
      createdMs: row[5],
      id: row[6],
      data: row[7],
      metadata: row[8],
    };
    if (checksum(event) !== row[9]) throw new DamagedLogError(row[0], 'does not match its checksum');
    return event;
  }
}

function checksum(event: StoredEvent): number {
  return checksumOf(canonicalBytes({ ...event, stream: event.stream.bytes, type: event.type.bytes }));
}

function sizeOf(event: StoredEvent): number {
  const { stream, type, data, metadata } = event;
  return canonicalSize({ stream: stream.bytes, type: type.bytes, data, metadata });
}

/** Only the beginning of a stream is ever removed, so the revisions of a page follow on each other. */
function checkRevisions(events: readonly StoredEvent[], step: 1 | -1): void {
  for (let i = 1; i < events.length; i += 1) {
    const [before, event] = [events[i - 1], events[i]];
    if (before === undefined || event === undefined || event.revision === before.revision + step) continue;
    if (event.revision === TOMBSTONE_REVISION || before.revision === TOMBSTONE_REVISION) continue;
    throw new DamagedLogError(before.position, `(${before.stream.name}) has lost its neighbour`);
  }
}
