import type { EventLog } from '../log/event-log';
import { encodeCaughtUp, encodeCheckpoint, encodeEvent, type UuidForm } from '../wire/read-encoder';
import type { Follower } from './active-subscriptions';
import { AllCursor } from './all-cursor';
import type { CheckpointedFilter } from './filter';
import { resolve, type FollowLinks } from './links';
import { otherWork, type Outlet } from './outlet';
import { Watch } from './watch';

export interface AllSubscriptionOptions {
  /** Events behind this position are sent; -1 for all. */
  readonly after: number;
  readonly filter: CheckpointedFilter | undefined;
  readonly follow: FollowLinks;
  readonly uuidForm: UuidForm;
}

/**
 * A subscription to `$all`: one loop that reads pages behind its position and sleeps at the head. There is no separate
 * live path, so there is no gap and no repeat between catching up and following. A checkpoint is written only after
 * every matching event before it, and its position only ever grows.
 */
export class AllSubscription implements Follower {
  readonly kind = 'all';
  private position: number;
  /** Events behind this position were committed after the subscription began. */
  private readonly liveAfter: number;
  private readonly cursor: AllCursor;
  private readonly watch: Watch;
  private sinceCheckpoint = 0;
  private caughtUp = false;

  constructor(
    private readonly log: EventLog,
    private readonly outlet: Outlet,
    private readonly options: AllSubscriptionOptions,
  ) {
    this.position = options.after;
    this.liveAfter = log.lastPosition;
    this.cursor = new AllCursor(log, options.filter?.matches);
    this.watch = new Watch(log, undefined, outlet);
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
    for (const { position, event } of this.cursor.page({ first: before + 1, last: head })) {
      this.position = position;
      if (event !== undefined) {
        const reader = position > this.liveAfter ? 'live' : 'past';
        const resolved = resolve(this.log, event, this.options.follow, reader);
        await this.send(encodeEvent(resolved, this.options.uuidForm));
      }
      if (this.outlet.isClosed()) return;
      await this.countForCheckpoint();
    }
    if (this.position === before) this.position = head;
    if (this.position === head) return;
    this.caughtUp = false;
    await otherWork();
  }

  private async rest(): Promise<void> {
    if (!this.caughtUp) {
      this.caughtUp = true;
      if (this.sinceCheckpoint > 0) await this.checkpoint();
      await this.send(encodeCaughtUp());
    }
    await this.watch.news();
  }

  private async countForCheckpoint(): Promise<void> {
    if (this.options.filter === undefined) return;
    this.sinceCheckpoint += 1;
    if (this.sinceCheckpoint >= this.options.filter.checkpointInterval) await this.checkpoint();
  }

  private async checkpoint(): Promise<void> {
    this.sinceCheckpoint = 0;
    await this.send(encodeCheckpoint(this.position));
  }

  private async send(message: Buffer): Promise<void> {
    if (!this.outlet.write(message)) await this.outlet.ready();
  }
}
