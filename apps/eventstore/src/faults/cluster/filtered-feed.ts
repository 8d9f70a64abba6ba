/** Supported releases that differ in the checkpoints which they send. */
export const RELEASES = ['23.10', '24.10', '25.0'] as const;
export type Release = (typeof RELEASES)[number];

/** Matching events after which a page of a filtered read ends. */
const PAGE = 32;
/** Events that a page of a filtered read looks at, at most; also those between two checkpoints. */
const WINDOW = 512;
/** What a server says for "no position". */
const NOWHERE = 2n ** 64n - 1n;

interface Place {
  readonly commit: bigint;
  readonly prepare: bigint;
}

const isAfter = (a: Place, b: Place): boolean =>
  a.commit > b.commit || (a.commit === b.commit && a.prepare > b.prepare);
const placeOf = ({ position }: Logged): Place => ({ commit: position, prepare: position });

export interface Logged {
  readonly type: string;
  readonly position: bigint;
}

/** The log that is read. */
export interface Source<E extends Logged> {
  readonly events: readonly E[];
  /** How many of them there are for this reader. */
  readonly count: number;
  /** Where the next event will be. */
  readonly end: bigint;
}

export type Sent<E extends Logged> =
  | { readonly kind: 'event'; readonly event: E }
  | { readonly kind: 'checkpoint'; readonly position: bigint }
  | { readonly kind: 'caught-up' };

/** What a release of EventStoreDB sends to one filtered subscriber to `$all`, its wrong checkpoints too. */
export class FilteredFeed<E extends Logged> {
  private announced: Place = { commit: -1n, prepare: -1n };
  /** The last event or checkpoint that was sent: what comes is behind it. */
  private at: Place;
  private counted = 0;
  private next: number;

  constructor(
    private readonly source: Source<E>,
    private readonly release: Release,
    after: bigint | undefined,
    private readonly matches: (type: string) => boolean,
  ) {
    this.at = after === undefined ? { commit: -1n, prepare: -1n } : { commit: after, prepare: after };
    this.next = firstFrom(source.events, this.at.commit);
  }

  /** Whether there are events that were not looked at. */
  get isBehind(): boolean {
    return this.next < this.source.count;
  }

  /** Reads page by page to the end of the log. */
  *behind(): Generator<Sent<E>> {
    const { source, release } = this;
    for (let atEnd = false; !atEnd;) {
      const begins = source.events[this.next]?.position ?? source.end;
      let [considered, matching] = [0, 0];
      while (this.isBehind && considered < WINDOW && matching < PAGE) {
        const event = source.events[this.next] as E;
        this.next += 1;
        considered += 1;
        if (!this.matches(event.type)) continue;
        matching += 1;
        if (isAfter(placeOf(event), this.at)) yield this.sent(event);
      }
      this.counted += considered;
      atEnd = considered < WINDOW && matching < PAGE;
      const due = this.counted >= WINDOW;
      if (due && !atEnd) this.counted %= WINDOW;
      const page: Place = { commit: begins, prepare: 0n };
      if (((due && !atEnd) || (atEnd && release === '25.0')) && isAfter(page, this.at)) this.at = page;
      if (due || atEnd) yield* this.announce();
    }
    this.counted = 0;
    yield { kind: 'caught-up' };
  }

  /** The events that were committed since, while it follows the present. */
  *live(): Generator<Sent<E>> {
    while (this.isBehind) {
      const event = this.source.events[this.next] as E;
      this.next += 1;
      this.counted += 1;
      if (isAfter(placeOf(event), this.at) && this.matches(event.type)) yield this.sent(event);
      if (this.counted < WINDOW) continue;
      this.counted = 0;
      this.at = placeOf(event);
      yield* this.announce();
    }
  }

  private sent(event: E): Sent<E> {
    this.at = placeOf(event);
    return { kind: 'event', event };
  }

  private *announce(): Generator<Sent<E>> {
    const at = this.at.commit < 0n ? { commit: NOWHERE, prepare: NOWHERE } : this.at;
    if (!isAfter(at, this.announced)) return;
    this.announced = at;
    yield { kind: 'checkpoint', position: at.commit };
  }
}

/** The first event at that position or behind it. */
function firstFrom(events: readonly Logged[], position: bigint): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle] as Logged).position < position) low = middle + 1;
    else high = middle;
  }
  return low;
}
