import type { StoredEvent } from '../log/events';
import type { EventLog } from '../log/event-log';
import { firstVisible, isSoftDeleted } from '../log/heads';
import { streamDeleted } from '../wire/errors';
import { encodeEvent, encodeStreamNotFound } from '../wire/read-encoder';
import type { From, ReadPlan } from '../wire/read-request';
import { AllCursor } from './all-cursor';
import type { EventFilter } from './filter';
import { resolve, type FollowLinks } from './links';
import { otherWork, type Outlet } from './outlet';
import { createdSince } from './retention';

/** A read that ends: the events that were committed when it began. */
export class FiniteRead {
  private left: number;

  constructor(
    private readonly log: EventLog,
    private readonly outlet: Outlet,
    private readonly plan: ReadPlan,
    private readonly follow: FollowLinks,
  ) {
    this.left = plan.limit === 'subscription' ? 0 : plan.limit;
  }

  /**
   * Sends the events of one stream.
   * @throws WireError (stream-deleted) when the stream is tombstoned
   */
  async stream(stream: string, from: From): Promise<void> {
    const head = this.log.head(stream);
    if (head.tombstoned) throw streamDeleted(stream);
    if (head.key === undefined || head.last < 0 || isSoftDeleted(head)) {
      this.outlet.write(encodeStreamNotFound(stream));
      return;
    }
    const { backwards } = this.plan;
    const begin = from === 'start' ? 0 : from === 'end' ? (backwards ? head.last : Infinity) : from;
    let first = backwards ? firstVisible(head) : Math.max(begin, firstVisible(head));
    let last = backwards ? Math.min(begin, head.last) : head.last;
    while (this.left > 0 && first <= last && !this.outlet.isClosed()) {
      const range = { sid: head.key.sid, first, last, createdSince: createdSince(head) };
      const events = this.log.reader.streamPage(range, backwards, this.left);
      const end = events.at(-1);
      if (end === undefined) return;
      for (const event of events) await this.send(event);
      if (backwards) last = end.revision - 1;
      else first = end.revision + 1;
      if (this.left > 0 && first <= last) await otherWork();
    }
  }

  /** Sends events of `$all`: forwards from the position on, backwards from before it, as upstream. */
  async all(from: From, filter: EventFilter | undefined): Promise<void> {
    const { backwards } = this.plan;
    const cursor = new AllCursor(this.log, filter);
    const head = this.log.lastPosition;
    const begin = from === 'start' ? 0 : from === 'end' ? head + 1 : from;
    let first = backwards ? 0 : begin;
    let last = backwards ? Math.min(begin - 1, head) : head;
    while (this.left > 0 && first <= last && !this.outlet.isClosed()) {
      let end: number | undefined;
      for (const { position, event } of cursor.page({ first, last }, backwards, this.left)) {
        end = position;
        if (event !== undefined) await this.send(event);
        if (this.left === 0 || this.outlet.isClosed()) return;
      }
      if (end === undefined) return;
      if (backwards) last = end - 1;
      else first = end + 1;
      await otherWork();
    }
  }

  private async send(event: StoredEvent): Promise<void> {
    this.left -= 1;
    const message = encodeEvent(resolve(this.log, event, this.follow), this.plan.uuidForm);
    if (!this.outlet.write(message)) await this.outlet.ready();
  }
}
