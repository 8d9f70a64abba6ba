import { TOMBSTONE_TYPE } from '../log/events';
import type { EventLog } from '../log/event-log';
import { firstVisible, type StreamHead } from '../log/heads';
import type { RevisionRange } from '../log/reader';
import { createdSince, isReadable } from '../log/visibility';
import { streamDeleted, unreadable } from '../wire/errors';
import { encodeCaughtUp, encodeEvent, type UuidForm } from '../wire/read-encoder';
import type { Follower } from './active-subscriptions';
import { resolve, type FollowLinks } from './links';
import { otherWork, type Outlet } from './outlet';
import { Watch } from './watch';

export interface StreamSubscriptionOptions {
  readonly stream: string;
  /** Events behind this revision are sent; -1 for all. */
  readonly after: number;
  readonly follow: FollowLinks;
  readonly uuidForm: UuidForm;
}

/**
 * A subscription to one stream, which need not exist yet: the same loop as for `$all`, by revision. What was there when
 * it began is sent as far as metadata leaves it visible; every event that is committed later is sent, also when metadata
 * or a deletion hides it before the loop wakes.
 */
export class StreamSubscription implements Follower {
  readonly kind = 'stream';
  private next: number;
  /** The first revision that was committed after the subscription began. */
  private readonly liveFrom: number;
  private readonly watch: Watch;
  private caughtUp = false;

  constructor(
    private readonly log: EventLog,
    private readonly outlet: Outlet,
    private readonly options: StreamSubscriptionOptions,
  ) {
    this.next = options.after + 1;
    this.liveFrom = log.readHead(options.stream).last + 1;
    this.watch = new Watch(log, options.stream, outlet);
  }

  /**
   * Runs until the reader is gone.
   * @throws WireError (stream-deleted) when the stream gets a tombstone, which a live subscriber sees before
   */
  async run(): Promise<void> {
    try {
      while (!this.outlet.isClosed()) {
        this.watch.reset();
        if (!(await this.advance())) await this.rest();
      }
    } finally {
      this.watch.end();
    }
  }

  lag(): number {
    const head = this.log.readHead(this.options.stream);
    if (head.tombstoned) return 0;
    const first = this.isLive() ? this.next : Math.max(this.next, firstVisible(head));
    return Math.max(0, head.last + 1 - first);
  }

  private isLive(): boolean {
    return this.next >= this.liveFrom;
  }

  /** @returns false at the end of the stream */
  private async advance(): Promise<boolean> {
    const { stream, follow, uuidForm } = this.options;
    const head = this.log.readHead(stream);
    const live = this.isLive();
    if (head.tombstoned && !live) throw streamDeleted(stream);
    if (head.key === undefined || this.next > head.last) return false;
    if (!live && !isReadable(head, this.log.now())) throw unreadable('ReadStreamResult: Error');
    const range = live ? this.liveRange(head, head.key.sid) : this.pastRange(head, head.key.sid);
    const events = range.first > range.last ? [] : this.log.reader.streamPage(range, false);
    this.next = (events.at(-1)?.revision ?? range.last) + 1;
    for (const event of events) {
      const message = encodeEvent(resolve(this.log, event, follow, live ? 'live' : 'past'), uuidForm);
      if (!this.outlet.write(message)) await this.outlet.ready();
      // Also where a client wrote an event of that type, and the stream lives on: upstream tells by the type alone.
      if (event.type.name === TOMBSTONE_TYPE) throw streamDeleted(stream);
    }
    if (this.next > head.last) return true;
    this.caughtUp = false;
    await otherWork();
    return true;
  }

  private pastRange(head: StreamHead, sid: number): RevisionRange {
    const first = Math.max(this.next, firstVisible(head));
    return { sid, first, last: this.liveFrom - 1, createdSince: createdSince(head, this.log.now()) };
  }

  private liveRange(head: StreamHead, sid: number): RevisionRange {
    return { sid, first: this.next, last: head.last, createdSince: 0 };
  }

  private async rest(): Promise<void> {
    if (!this.caughtUp) {
      this.caughtUp = true;
      if (!this.outlet.write(encodeCaughtUp())) await this.outlet.ready();
    }
    await this.watch.news();
  }
}
