import { hash } from 'node:crypto';

import { linkOf, type Position, type RecordedEvent } from '@cairn/event-store';

/** How far a log goes, and what sums up all of it until there. */
export interface LogHead {
  /** Of the log (`nameOf`). */
  readonly name: string;
  /** How many events of Cairn's chains there are. */
  readonly events: number;
  /** SHA-256 in hex over all of them in their order, as `LogDigest` makes it. */
  readonly hash: string;
  /** The last of them: where it is in this log, decimal; elsewhere it is at another position. */
  readonly position: string;
  readonly stream: string;
  /** Decimal. */
  readonly revision: string;
  /** Its link in the stream's chain. */
  readonly link: string;
  /** When this was found, ISO 8601. */
  readonly at: string;
}

type Chained = Pick<RecordedEvent, 'stream' | 'revision' | 'position' | 'metadata'>;

/**
 * Sums up a log: each event's link, which stands for all of its stream up to it, goes into one hash in the log's order. It
 * says nothing of positions, so a copy on another server has the same.
 */
export class LogDigest {
  private last: Chained | undefined;

  private constructor(
    /** Events so far. */
    public events: number,
    private soFar: string,
    private before: LogHead | undefined,
  ) {}

  static empty(): LogDigest {
    return new LogDigest(0, '', undefined);
  }

  /** Goes on behind a head. */
  static behind(head: LogHead): LogDigest {
    return new LogDigest(head.events, head.hash, head);
  }

  /** Hexadecimal; '' of an empty log. */
  get hash(): string {
    return this.soFar;
  }

  /** Where the next event is to be looked for behind; undefined: from the first one. */
  get position(): Position | undefined {
    return this.last?.position ?? (this.before === undefined ? undefined : BigInt(this.before.position));
  }

  add(event: Chained): void {
    const { stream, revision } = event;
    this.soFar = hash('sha256', `${this.soFar}\n${stream}\n${String(revision)}\n${linkOf(event)}`, 'hex');
    this.events += 1;
    this.last = event;
  }

  /** What has been summed up; undefined of an empty log. */
  head(name: string, at: string): LogHead | undefined {
    if (this.last === undefined) return this.before;
    const { stream, revision, position } = this.last;
    const place = { position: String(position), stream, revision: String(revision), link: linkOf(this.last) };
    return { name, events: this.events, hash: this.soFar, ...place, at };
  }
}
