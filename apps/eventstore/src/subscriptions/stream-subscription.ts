import type { EventLog } from '../log/event-log';
import { firstVisible } from '../log/heads';
import { streamDeleted } from '../wire/errors';
import { encodeCaughtUp, encodeEvent, type UuidForm } from '../wire/read-encoder';
import type { Follower } from './active-subscriptions';
import { resolve, type FollowLinks } from './links';
import { otherWork, type Outlet } from './outlet';
import { createdSince } from './retention';
import { Watch } from './watch';

export interface StreamSubscriptionOptions {
  readonly stream: string;
  /** Events behind this revision are sent; -1 for all. */
  readonly after: number;
  readonly follow: FollowLinks;
  readonly uuidForm: UuidForm;
}

/** A subscription to one stream, which need not exist yet: the same loop as for `$all`, by revision. */
export class StreamSubscription implements Follower {
  readonly kind = 'stream';
  private next: number;
  private readonly watch: Watch;
  private caughtUp = false;

  constructor(
    private readonly log: EventLog,
    private readonly outlet: Outlet,
    private readonly options: StreamSubscriptionOptions,
  ) {
    this.next = options.after + 1;
    this.watch = new Watch(log, options.stream, outlet);
  }

  /**
   * Runs until the reader is gone.
   * @throws WireError (stream-deleted) when the stream is or gets tombstoned
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
    const head = this.log.head(this.options.stream);
    return head.tombstoned ? 0 : Math.max(0, head.last + 1 - Math.max(this.next, firstVisible(head)));
  }

  /** @returns false at the end of the stream */
  private async advance(): Promise<boolean> {
    const { stream, follow, uuidForm } = this.options;
    const head = this.log.head(stream);
    if (head.tombstoned) throw streamDeleted(stream);
    const first = Math.max(this.next, firstVisible(head));
    if (head.key === undefined || first > head.last) return false;
    const range = { sid: head.key.sid, first, last: head.last, createdSince: createdSince(head) };
    const events = this.log.reader.streamPage(range, false);
    this.next = (events.at(-1)?.revision ?? head.last) + 1;
    for (const event of events) {
      const message = encodeEvent(resolve(this.log, event, follow), uuidForm);
      if (!this.outlet.write(message)) await this.outlet.ready();
    }
    if (this.next > head.last) return true;
    this.caughtUp = false;
    await otherWork();
    return true;
  }

  private async rest(): Promise<void> {
    if (!this.caughtUp) {
      this.caughtUp = true;
      if (!this.outlet.write(encodeCaughtUp())) await this.outlet.ready();
    }
    await this.watch.news();
  }
}
