import { Readable } from 'node:stream';
import type { LogMessage, NewEvent, Position, RecordedEvent } from '../../../libs/event-store/src';
import type { Followed } from '../../../libs/event-store/src/follow-all';

/** Supported releases that differ in the checkpoints which they send. */
export const RELEASES = ['23.10', '24.10', '25.0'] as const;
export type Release = (typeof RELEASES)[number];

interface Place {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** Matching events after which a page of a filtered read ends. */
const PAGE = 32;
/** What a server says for "no position". */
const NOWHERE = 2n ** 64n - 1n;
const FIRST = 1_024n;

const isAfter = (a: Place, b: Place): boolean =>
  a.commit > b.commit || (a.commit === b.commit && a.prepare > b.prepare);
const placeOf = ({ position }: RecordedEvent): Place => ({ commit: position, prepare: position });

/** Events that a page of a filtered read looks at, at most. */
const WINDOW = 512;

/** What one subscription is sent. */
class Subscription extends Readable {
  private readonly matches: RegExp;
  private announced: Place = { commit: -1n, prepare: -1n };
  /** The last event or checkpoint that was sent: what comes is behind it. */
  private at: Place;
  private counted = 0;

  constructor(
    private readonly server: ModelServer,
    after: Position | undefined,
    regex: string,
  ) {
    super({ objectMode: true, read: () => undefined });
    this.matches = new RegExp(regex);
    this.at = after === undefined ? { commit: -1n, prepare: -1n } : { commit: after, prepare: after };
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.server.leave(this);
    done(error);
  }

  /** Reads page by page to the end of the log, as the server's class of this name does. */
  catchUp(): void {
    const { events, release } = this.server;
    let next = events.findIndex((event) => !isAfter(this.at, placeOf(event)));
    if (next < 0) next = events.length;
    for (;;) {
      const begins = events[next]?.position ?? this.server.end;
      let [considered, matching] = [0, 0];
      while (next < events.length && considered < WINDOW && matching < PAGE) {
        const event = events[next] as RecordedEvent;
        next += 1;
        considered += 1;
        if (!this.matches.test(event.type)) continue;
        matching += 1;
        if (isAfter(placeOf(event), this.at)) this.send(event);
      }
      this.counted += considered;
      const atEnd = considered < WINDOW && matching < PAGE;
      const due = this.counted >= WINDOW;
      if (due && !atEnd) this.counted %= WINDOW;
      const page: Place = { commit: begins, prepare: 0n };
      if (((due && !atEnd) || (atEnd && release === '25.0')) && isAfter(page, this.at)) this.at = page;
      if (due || atEnd) this.announce();
      if (atEnd) break;
    }
    this.counted = 0;
    this.tell({ kind: 'caught-up' });
  }

  /** An event that was committed while it follows the present. */
  live(event: RecordedEvent): void {
    const place = placeOf(event);
    this.counted += 1;
    if (this.matches.test(event.type) && isAfter(place, this.at)) this.send(event);
    if (this.counted < WINDOW) return;
    this.counted = 0;
    this.at = place;
    this.announce();
  }

  private send(event: RecordedEvent): void {
    this.at = placeOf(event);
    this.tell({ kind: 'event', event });
  }

  private tell(message: LogMessage): void {
    if (!this.readableEnded) this.push(message);
  }

  private announce(): void {
    const at = this.at.commit < 0n ? { commit: NOWHERE, prepare: NOWHERE } : this.at;
    if (!isAfter(at, this.announced)) return;
    this.announced = at;
    this.tell({ kind: 'checkpoint', position: at.commit });
  }
}

/** What a release of EventStoreDB sends to filtered subscribers to `$all`, and nothing else of it. */
export class ModelServer implements Followed {
  readonly events: RecordedEvent[] = [];
  private readonly subscriptions = new Set<Subscription>();
  /** Of the next event of each stream. */
  private readonly revisions = new Map<string, bigint>();
  /** Where the next event will be. */
  end = FIRST;

  constructor(readonly release: Release) {}

  append(stream: string, { id, type, data, metadata }: NewEvent): bigint {
    const position = this.end;
    const revision = this.revisions.get(stream) ?? 0n;
    this.revisions.set(stream, revision + 1n);
    const event = { id, type, data, metadata, stream, revision, position, created: '2026-01-01T00:00:00.000Z' };
    this.events.push(event);
    this.end += 100n + (position % 7n);
    for (const subscription of this.subscriptions) subscription.live(event);
    return position;
  }

  /** Its subscriptions end when that aborts. */
  until(signal: AbortSignal): Followed {
    return { subscribeToAll: (after, regex) => this.subscribeToAll(after, regex, signal) };
  }

  subscribeToAll(after: Position | undefined, regex: string, signal?: AbortSignal): AsyncIterable<LogMessage> {
    const subscription = new Subscription(this, after, regex);
    signal?.addEventListener(
      'abort',
      () => {
        this.leave(subscription);
        subscription.push(null);
      },
      { once: true },
    );
    // nothing comes before its user has had time to listen
    setImmediate(() => {
      if (subscription.destroyed || signal?.aborted === true) return;
      subscription.catchUp();
      this.subscriptions.add(subscription);
    });
    return subscription as AsyncIterable<LogMessage>;
  }

  leave(subscription: Subscription): void {
    this.subscriptions.delete(subscription);
  }
}
