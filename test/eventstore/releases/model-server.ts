import { Readable } from 'node:stream';
import type { AllStreamSubscription, EventStoreDBClient } from '@eventstore/db-client';
import type { NewEvent, RecordedEvent } from '../../../libs/event-store/src';

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

interface Asked {
  readonly fromPosition?: unknown;
  readonly filter?: {
    readonly regex?: string;
    readonly maxSearchWindow?: number;
    readonly checkpointInterval?: number;
    readonly checkpointReached?: (subscription: unknown, place: Place) => void;
  };
}

/** One subscription as the client gives it to its user. */
class Subscription extends Readable {
  private readonly matches: RegExp;
  private readonly window: number;
  private announced: Place = { commit: -1n, prepare: -1n };
  /** The last event or checkpoint that was sent: what comes is behind it. */
  private at: Place;
  private counted = 0;

  constructor(
    private readonly server: ModelServer,
    { fromPosition, filter = {} }: Asked,
    private readonly filter_ = filter,
  ) {
    super({ objectMode: true, read: () => undefined });
    this.matches = new RegExp(filter.regex ?? '');
    this.window = filter.maxSearchWindow ?? PAGE;
    this.at = fromPosition === 'start' ? { commit: -1n, prepare: -1n } : (fromPosition as Place);
  }

  unsubscribe(): Promise<void> {
    this.server.leave(this);
    this.destroy();
    return Promise.resolve();
  }

  /** Reads page by page to the end of the log, as the server's class of this name does. */
  catchUp(): void {
    const { events, release } = this.server;
    let next = events.findIndex((event) => !isAfter(this.at, placeOf(event)));
    if (next < 0) next = events.length;
    for (;;) {
      const begins = events[next]?.position ?? this.server.end;
      let [considered, matching] = [0, 0];
      while (next < events.length && considered < this.window && matching < PAGE) {
        const event = events[next] as RecordedEvent;
        next += 1;
        considered += 1;
        if (!this.matches.test(event.type)) continue;
        matching += 1;
        if (isAfter(placeOf(event), this.at)) this.send(event);
      }
      this.counted += considered;
      const atEnd = considered < this.window && matching < PAGE;
      const due = this.counted >= this.window * (this.filter_.checkpointInterval ?? 1);
      if (due && !atEnd) this.counted %= this.window;
      const page: Place = { commit: begins, prepare: 0n };
      if (((due && !atEnd) || (atEnd && release === '25.0')) && isAfter(page, this.at)) this.at = page;
      if (due || atEnd) this.announce();
      if (atEnd) break;
    }
    this.counted = 0;
    this.emit('caughtUp');
  }

  /** An event that was committed while it follows the present. */
  live(event: RecordedEvent): void {
    const place = placeOf(event);
    this.counted += 1;
    if (this.matches.test(event.type) && isAfter(place, this.at)) this.send(event);
    if (this.counted < this.window) return;
    this.counted = 0;
    this.at = place;
    this.announce();
  }

  private send(event: RecordedEvent): void {
    this.at = placeOf(event);
    const { position: commit, revision, stream: streamId, created, ...rest } = event;
    const sent = { ...rest, revision, streamId, created: new Date(created), position: { commit, prepare: commit } };
    this.push({ event: sent });
  }

  private announce(): void {
    const at = this.at.commit < 0n ? { commit: NOWHERE, prepare: NOWHERE } : this.at;
    if (!isAfter(at, this.announced)) return;
    this.announced = at;
    this.filter_.checkpointReached?.(this, at);
  }
}

/** What a release of EventStoreDB sends to filtered subscribers to `$all`, and nothing else of it. */
export class ModelServer implements Pick<EventStoreDBClient, 'subscribeToAll'> {
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

  subscribeToAll(asked?: unknown): AllStreamSubscription {
    const subscription = new Subscription(this, asked ?? {});
    // as the client does: nothing comes before its user has had time to listen
    setImmediate(() => {
      if (subscription.destroyed) return;
      subscription.catchUp();
      this.subscriptions.add(subscription);
    });
    return subscription;
  }

  leave(subscription: Subscription): void {
    this.subscriptions.delete(subscription);
  }
}
