import type { LogMessage, Position } from './port';

/** Messages that may wait for a follower; who lets more wait goes on by itself. */
const MOST_WAITING = 4_096;

/** One consumer's share of a common subscription: the messages behind its own position, in order. */
export class Follower {
  private waiting: LogMessage[] = [];
  private ended: { readonly error?: unknown } | undefined;
  private wake: () => void = () => undefined;

  /** @param after what the consumer has had already, to be left out. */
  constructor(private readonly after: Position) {}

  /** False when it has fallen so far behind that it takes no more. */
  offer(message: LogMessage): boolean {
    if (this.ended !== undefined || (message.kind === 'event' && message.event.position <= this.after))
      return this.ended === undefined;
    this.waiting.push(message);
    this.wake();
    if (this.waiting.length < MOST_WAITING) return true;
    this.end();
    return false;
  }

  /** Nothing more comes; with an error: because the subscription failed. */
  end(failure: { readonly error?: unknown } = {}): void {
    this.ended ??= failure;
    this.wake();
  }

  /** The offered events, until the signal aborts or the follower is ended. @throws the error of the subscription. */
  async *messages(signal: AbortSignal): AsyncGenerator<LogMessage> {
    const stop = (): void => {
      this.end();
    };
    const running = (): boolean => !signal.aborted;
    signal.addEventListener('abort', stop, { once: true });
    try {
      while (running()) {
        const taken = this.waiting;
        this.waiting = [];
        for (const message of taken) {
          if (!running()) return;
          yield message;
        }
        if (this.waiting.length > 0) continue;
        if (this.ended !== undefined) {
          if ('error' in this.ended) throw this.ended.error;
          return;
        }
        await new Promise<void>((resolve) => (this.wake = resolve));
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}
