import { layered } from './layered';
import type { EventStore, LogMessage, Position } from './port';
import { Follower } from './shared-follower';

/** Events kept for those who join a moment after they passed. */
const KEPT = 1_024;

const positionOf = (message: LogMessage): Position =>
  message.kind === 'event' ? message.event.position : message.kind === 'checkpoint' ? message.position : 0n;

/** The end of the log, read once for all who have caught up with it. */
class Tail {
  private readonly followers = new Set<Follower>();
  private readonly ending = new AbortController();
  private kept: LogMessage[] = [];
  /** Everything behind this position that has passed is in `kept`. */
  private since: Position;

  constructor(
    store: Pick<EventStore, 'subscribe'>,
    after: Position,
    private readonly onEnd: () => void,
  ) {
    this.since = after;
    void this.run(store.subscribe(after === 0n ? undefined : after, this.ending.signal));
  }

  /** A follower from that position on; undefined when something behind it has passed and is not kept. */
  join(after: Position): Follower | undefined {
    if (after < this.since) return undefined;
    const follower = new Follower(after);
    for (const message of this.kept) follower.offer(message);
    this.followers.add(follower);
    return follower;
  }

  leave(follower: Follower): void {
    this.followers.delete(follower);
    if (this.followers.size > 0) return;
    this.onEnd();
    this.ending.abort();
  }

  private async run(messages: AsyncIterable<LogMessage>): Promise<void> {
    try {
      for await (const message of messages) this.pass(message);
      this.over({});
    } catch (error) {
      this.over({ error });
    }
  }

  private pass(message: LogMessage): void {
    if (message.kind === 'event') this.keep(message);
    for (const follower of this.followers) if (!follower.offer(message)) this.followers.delete(follower);
  }

  private keep(message: LogMessage): void {
    this.kept.push(message);
    if (this.kept.length < 2 * KEPT) return;
    const gone = this.kept.splice(0, KEPT);
    this.since = positionOf(gone.at(-1) as LogMessage);
  }

  private over(failure: { readonly error?: unknown }): void {
    this.onEnd();
    for (const follower of this.followers) follower.end(failure);
    this.followers.clear();
  }
}

/**
 * A store whose subscriptions share one: each catches up by itself and then follows the same end of the log, so that an
 * event is fetched and decoded once for a whole process. Who falls behind goes on by itself and comes back.
 */
export function sharedLog(store: EventStore): EventStore {
  let tail: Tail | undefined;

  const joined = (after: Position): readonly [Tail, Follower] | undefined => {
    tail ??= new Tail(store, after, () => {
      tail = undefined;
    });
    const follower = tail.join(after);
    return follower === undefined ? undefined : [tail, follower];
  };

  async function* follow(after: Position | undefined, signal: AbortSignal): AsyncIterable<LogMessage> {
    let at = after ?? 0n;
    const running = (): boolean => !signal.aborted;
    while (running()) {
      let mine: readonly [Tail, Follower] | undefined;
      for await (const message of store.subscribe(at === 0n ? undefined : at, signal)) {
        if (message.kind === 'event') at = message.event.position;
        yield message;
        if (message.kind === 'caught-up') mine = joined(at);
        if (mine !== undefined) break;
      }
      if (mine === undefined) return;
      const [of, follower] = mine;
      try {
        for await (const message of follower.messages(signal)) {
          if (message.kind === 'event') at = message.event.position;
          yield message;
        }
      } finally {
        of.leave(follower);
      }
    }
  }

  return layered(store, {
    // who leaves something out reads by itself
    subscribe: (after, signal, unwanted) =>
      unwanted?.without === undefined ? follow(after, signal) : store.subscribe(after, signal, unwanted),
  });
}
