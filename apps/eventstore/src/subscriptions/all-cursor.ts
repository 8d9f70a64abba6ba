import { isUnlisted, type StoredEvent } from '../log/events';
import type { EventLog } from '../log/event-log';
import type { PositionRange } from '../log/reader';
import type { EventFilter } from './filter';

/** One event of `$all` that was looked at, with its content when it is wanted. */
export interface Considered {
  readonly position: number;
  readonly event: StoredEvent | undefined;
}

/** Above this share of wanted events, reading whole pages is cheaper than picking events one by one. */
const DENSE_SHARE = 0.3;

/** Walks `$all` in pages, with or without a filter. */
export class AllCursor {
  private dense = true;

  constructor(
    private readonly log: EventLog,
    private readonly filter: EventFilter | undefined,
  ) {}

  /** The next page of a range: empty when the range is exhausted. Consume it before asking for the next one. */
  page(range: PositionRange, backwards = false, limit?: number): Iterable<Considered> {
    if (this.filter === undefined) return whole(this.log.reader.allPage(range, backwards, limit));
    return this.dense ? this.filterWhole(this.filter, range, backwards) : this.pick(this.filter, range, backwards);
  }

  private *filterWhole(filter: EventFilter, range: PositionRange, backwards: boolean): Generator<Considered> {
    let wanted = 0;
    const events = this.log.reader.allPage(range, backwards);
    for (const event of events) {
      const key = filter.on === 'stream' ? event.stream.sid : event.type.id;
      const wants =
        filter.wants(key, () => (filter.on === 'stream' ? event.stream.name : event.type.name)) &&
        !isUnlisted(event.stream.name);
      if (wants) wanted += 1;
      yield { position: event.position, event: wants ? event : undefined };
    }
    if (events.length > 0) this.dense = wanted / events.length > DENSE_SHARE;
  }

  private *pick(filter: EventFilter, range: PositionRange, backwards: boolean): Generator<Considered> {
    let wanted = 0;
    const rows = this.log.reader.scanPage(range, backwards);
    for (const [position, sid, typeId] of rows) {
      const key = filter.on === 'stream' ? sid : typeId;
      const wants =
        filter.wants(key, () => this.log.reader.nameOf(filter.on, key)) &&
        !isUnlisted(this.log.reader.nameOf('stream', sid));
      if (wants) wanted += 1;
      yield { position, event: wants ? this.log.reader.at(position) : undefined };
    }
    if (rows.length > 0) this.dense = wanted / rows.length > DENSE_SHARE;
  }
}

function* whole(events: readonly StoredEvent[]): Generator<Considered> {
  for (const event of events)
    yield { position: event.position, event: isUnlisted(event.stream.name) ? undefined : event };
}
