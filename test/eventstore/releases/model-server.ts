import { Readable } from 'node:stream';
import { FilteredFeed, type Release } from '../../../apps/eventstore/src/faults/cluster/filtered-feed';
import type { LogMessage, NewEvent, Position, RecordedEvent } from '../../../libs/event-store/src';
import type { Followed } from '../../../libs/event-store/src/follow-all';

const FIRST = 1_024n;

/** What one subscription is sent. */
class Subscription extends Readable {
  private readonly feed: FilteredFeed<RecordedEvent>;

  constructor(
    private readonly server: ModelServer,
    after: Position | undefined,
    regex: string,
  ) {
    super({ objectMode: true, read: () => undefined });
    const pattern = new RegExp(regex);
    this.feed = new FilteredFeed<RecordedEvent>(server, server.release, after, (type) => pattern.test(type));
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.server.leave(this);
    done(error);
  }

  catchUp(): void {
    this.tell(this.feed.behind());
  }

  /** Something was committed while it follows the present. */
  live(): void {
    this.tell(this.feed.live());
  }

  private tell(messages: Iterable<LogMessage>): void {
    for (const message of messages) if (!this.readableEnded) this.push(message);
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

  get count(): number {
    return this.events.length;
  }

  append(stream: string, { id, type, data, metadata }: NewEvent): bigint {
    const position = this.end;
    const revision = this.revisions.get(stream) ?? 0n;
    this.revisions.set(stream, revision + 1n);
    const event = { id, type, data, metadata, stream, revision, position, created: '2026-01-01T00:00:00.000Z' };
    this.events.push(event);
    this.end += 100n + (position % 7n);
    for (const subscription of this.subscriptions) subscription.live();
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
