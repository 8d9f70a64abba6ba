import type { EventLog } from '../log/event-log';
import { encodeCaughtUp, encodeCheckpoint, encodeEvent, type UuidForm } from '../wire/read-encoder';
import type { Follower } from './active-subscriptions';
import { AllCursor, type Considered } from './all-cursor';
import { Checkpoints, type MakeCheckpoints, type Place } from './checkpoints';
import type { CheckpointedFilter } from './filter';
import { resolve, type FollowLinks } from './links';
import { otherWork, type Outlet } from './outlet';
import { Watch } from './watch';

const usual: MakeCheckpoints = (...how) => new Checkpoints(...how);

export interface AllSubscriptionOptions {
  /** Events behind this place are sent; undefined for all. */
  readonly after: Place | undefined;
  readonly filter: CheckpointedFilter | undefined;
  readonly follow: FollowLinks;
  readonly uuidForm: UuidForm;
  /** Says where it is, in place of the usual ones. */
  readonly checkpoints?: MakeCheckpoints | undefined;
}

/**
 * A subscription to `$all`: one loop that reads pages behind its position and sleeps at the head. There is no separate
 * live path, so there is no gap and no repeat between catching up and following. A checkpoint is written only after
 * every matching event before it, and its position only ever grows.
 */
export class AllSubscription implements Follower {
  readonly kind = 'all';
  private position: number;
  /** The last event that is not sent. */
  private readonly after: number;
  /** Events behind this position were committed after the subscription began. */
  private readonly liveAfter: number;
  private readonly cursor: AllCursor;
  private readonly watch: Watch;
  private readonly checkpoints: Checkpoints | undefined;
  private caughtUp = false;
  private isLive: boolean;

  constructor(
    private readonly log: EventLog,
    private readonly outlet: Outlet,
    private readonly options: AllSubscriptionOptions,
  ) {
    const { after, filter } = options;
    this.liveAfter = log.lastPosition;
    this.after = after === undefined ? -1 : after.commit - (after.prepare < after.commit ? 1 : 0);
    this.isLive = this.after >= this.liveAfter;
    // The event at the beginning is looked at as well, as upstream: it counts for the first page.
    this.position = this.isLive || after === undefined ? Math.min(this.after, this.liveAfter) : after.commit - 1;
    this.cursor = new AllCursor(log, filter?.matches);
    this.watch = new Watch(log, undefined, outlet);
    if (filter !== undefined) this.checkpoints = (options.checkpoints ?? usual)(filter.pace, after, this.liveAfter);
  }

  /** Runs until the reader is gone. */
  async run(): Promise<void> {
    try {
      while (!this.outlet.isClosed()) {
        this.watch.reset();
        if (this.position < this.log.lastPosition) await this.advance(this.log.lastPosition);
        else await this.rest();
      }
    } finally {
      this.watch.end();
    }
  }

  lag(): number {
    return Math.max(0, this.log.lastPosition - this.position);
  }

  private async advance(head: number): Promise<void> {
    const before = this.position;
    for (const considered of this.cursor.page({ first: before + 1, last: head })) {
      this.position = considered.position;
      await this.consider(considered);
      if (this.outlet.isClosed()) return;
    }
    if (this.position === before) this.position = head;
    if (this.position === head) return;
    this.caughtUp = false;
    await otherWork();
  }

  private async consider({ position, event }: Considered): Promise<void> {
    const isSent = event !== undefined && position > this.after;
    if (isSent) {
      const reader = position > this.liveAfter ? 'live' : 'past';
      await this.send(encodeEvent(resolve(this.log, event, this.options.follow, reader), this.options.uuidForm));
    }
    const wanted = event !== undefined;
    await this.announce(
      this.isLive ? this.checkpoints?.passLive(position, isSent) : this.checkpoints?.passBehind(position, wanted),
    );
  }

  private async rest(): Promise<void> {
    if (!this.isLive) await this.announce(this.checkpoints?.endBehind(this.log.end));
    this.isLive = true;
    if (!this.caughtUp) {
      this.caughtUp = true;
      await this.send(encodeCaughtUp());
    }
    await this.watch.news();
  }

  private async announce(checkpoint: Place | undefined): Promise<void> {
    if (checkpoint !== undefined) await this.send(encodeCheckpoint(checkpoint));
  }

  private async send(message: Buffer): Promise<void> {
    if (!this.outlet.write(message)) await this.outlet.ready();
  }
}
