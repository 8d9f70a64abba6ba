import type { StoredEvent } from '../log/events';
import type { EventLog } from '../log/event-log';
import { firstVisible, isSoftDeleted, type StreamHead } from '../log/heads';
import type { RevisionRange } from '../log/reader';
import { createdSince, isReadable } from '../log/visibility';
import { streamDeleted, unreadable } from '../wire/errors';
import { encodeBound, encodeEvent, encodeStreamNotFound } from '../wire/read-encoder';
import type { From, ReadPlan } from '../wire/read-request';
import { AllCursor } from './all-cursor';
import type { Place } from './checkpoints';
import type { EventFilter } from './filter';
import { resolve, type FollowLinks } from './links';
import { otherWork, type Outlet } from './outlet';

/** Events that EventStoreDB reads at a time. */
const UPSTREAM_PAGE = 32;

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
   * @throws WireError (stream-deleted) when the stream is tombstoned, or when no events are asked for
   */
  async stream(stream: string, from: From<number>): Promise<void> {
    const { backwards, wantsBounds } = this.plan;
    const head = this.log.readHead(stream);
    if (this.left === 0 || (from === 'end' && !backwards)) throw unreadable('ReadStreamResult: Error');
    if (head.tombstoned) throw streamDeleted(stream);
    if (head.key === undefined || head.last < 0 || isSoftDeleted(head)) {
      this.outlet.write(encodeStreamNotFound(stream));
      return;
    }
    if (!isReadable(head, this.log.now())) throw unreadable('ReadStreamResult: Error');
    const begin = from === 'start' ? 0 : from === 'end' ? head.last : from;
    if (wantsBounds && !backwards) this.announceFirst(head, begin);
    const range = {
      sid: head.key.sid,
      first: backwards ? firstVisible(head) : Math.max(begin, firstVisible(head)),
      last: backwards ? Math.min(begin, head.last) : head.last,
      createdSince: createdSince(head, this.log.now()),
    };
    await this.revisions(range);
    if (wantsBounds) this.outlet.write(encodeBound('last', head.last));
  }

  private async revisions(range: RevisionRange): Promise<void> {
    const { backwards } = this.plan;
    let { first, last } = range;
    while (this.left > 0 && first <= last && !this.outlet.isClosed()) {
      const events = this.log.reader.streamPage({ ...range, first, last }, backwards, this.left);
      const end = events.at(-1);
      if (end === undefined) return;
      for (const event of events) await this.send(event);
      if (backwards) last = end.revision - 1;
      else first = end.revision + 1;
      if (this.left > 0 && first <= last) await otherWork();
    }
  }

  /** Says where the visible part begins, once for each page that EventStoreDB would have found empty before it. */
  private announceFirst(head: StreamHead, begin: number): void {
    const hidden = firstVisible(head);
    const isEmpty = begin <= head.last && hidden > begin + Math.min(UPSTREAM_PAGE, this.left) - 1;
    if (isEmpty) this.outlet.write(encodeBound('first', hidden));
    const next = isEmpty ? hidden : begin;
    if (next > head.last && head.last + 1 !== next) this.outlet.write(encodeBound('first', head.last + 1));
  }

  /**
   * Sends events of `$all`: forwards from the position on, backwards from before it, as upstream. Backwards from a
   * place whose second half is smaller, the event that ends there is left out as well.
   * @throws WireError when nothing begins there
   */
  async all(from: From<Place>, filter: EventFilter | undefined): Promise<void> {
    const { backwards } = this.plan;
    const cursor = new AllCursor(this.log, filter);
    const head = this.log.lastPosition;
    const begin = typeof from === 'string' ? (from === 'start' ? 0 : head + 1) : this.checked(from);
    let first = backwards ? 0 : begin;
    let last = backwards ? Math.min(begin - 1, head) : head;
    let skipped = backwards && typeof from === 'object' && from.prepare < from.commit ? 1 : 0;
    while (this.left > 0 && first <= last && !this.outlet.isClosed()) {
      let end: number | undefined;
      for (const { position, event } of cursor.page({ first, last }, backwards, this.left + skipped)) {
        end = position;
        if (skipped > 0) skipped -= 1;
        else if (event !== undefined) await this.send(event);
        if (this.left === 0 || this.outlet.isClosed()) return;
      }
      if (end === undefined) return;
      if (backwards) last = end - 1;
      else first = end + 1;
      await otherWork();
    }
  }

  private checked({ commit }: Place): number {
    if (this.plan.backwards && commit > this.log.end) throw unreadable('ReadAllResult: Error');
    if (this.log.reader.isInsideEvent(commit)) throw unreadable('ReadAllResult: InvalidPosition');
    return commit;
  }

  private async send(event: StoredEvent): Promise<void> {
    this.left -= 1;
    const message = encodeEvent(resolve(this.log, event, this.follow, 'past'), this.plan.uuidForm);
    if (!this.outlet.write(message)) await this.outlet.ready();
  }
}
