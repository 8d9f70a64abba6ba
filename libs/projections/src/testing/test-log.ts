import type { LogMessage, Position, RecordedEvent } from '@cairn/event-store';

/** A log whose events, breaks and subscribers a test decides over. */
export class TestLog {
  /** After which position each subscription asked to begin, in order. */
  readonly subscriptions: (Position | undefined)[] = [];
  /** When set, `head` says this instead of where the log ends. */
  claimedHead: Position | undefined;
  /** What `history` says. */
  named: string | undefined;
  private readonly events: RecordedEvent[] = [];
  private readonly breaks: Error[] = [];
  private wakers: (() => void)[] = [];

  constructor(events: readonly RecordedEvent[] = []) {
    this.events.push(...events);
  }

  push(...events: readonly RecordedEvent[]): void {
    this.events.push(...events);
    this.wake();
  }

  /** Has other events from now on, for those who subscribe again. */
  restore(events: readonly RecordedEvent[]): void {
    this.events.splice(0, this.events.length, ...events);
  }

  /** Ends every subscription that runs now with an error, as when the store goes away. */
  break(error = new Error('the store went away')): void {
    this.breaks.push(error);
    this.wake();
  }

  head(): Promise<Position> {
    return Promise.resolve(this.claimedHead ?? this.events.at(-1)?.position ?? 0n);
  }

  history(): Promise<string | undefined> {
    return Promise.resolve(this.named);
  }

  async *subscribe(after: Position | undefined, signal: AbortSignal): AsyncIterable<LogMessage> {
    this.subscriptions.push(after);
    const before = this.breaks.length;
    let next = this.events.findIndex(({ position }) => position > (after ?? -1n));
    if (next < 0) next = this.events.length;
    const stop = (): void => {
      this.wake();
    };
    signal.addEventListener('abort', stop);
    try {
      while (!signal.aborted) {
        const broken = this.breaks[before];
        if (broken !== undefined) throw broken;
        const event = this.events[next];
        if (event === undefined) await this.more();
        else {
          next += 1;
          yield { kind: 'event', event };
        }
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  private more(): Promise<void> {
    return new Promise((resolve) => {
      this.wakers.push(resolve);
    });
  }

  private wake(): void {
    const wakers = this.wakers;
    this.wakers = [];
    for (const waker of wakers) waker();
  }
}
