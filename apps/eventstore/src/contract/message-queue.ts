import type { AllStreamSubscription, StreamSubscription } from '@eventstore/db-client';
import type { Following, Message, Resolved } from './peer';

/** What is needed of the clients' subscriptions; their own types have overloads that nothing else fits. */
interface Source {
  readonly readableLength: number;
  on(event: 'data' | 'caughtUp' | 'error', listener: (argument: never) => void): unknown;
  unsubscribe(): Promise<void>;
}

/** Turns the events of a client's subscription into one queue. */
export class MessageQueue implements Following {
  private readonly messages: Message[] = [];
  private failure: { readonly error: unknown } | undefined;
  private wake: (() => void) | undefined;
  private source: Source | undefined;

  constructor(
    private readonly resolvedOf: (event: never) => Resolved,
    private readonly refusedOf: (error: unknown) => Error,
  ) {}

  attach(subscription: AllStreamSubscription | StreamSubscription): this {
    const source = subscription as unknown as Source;
    this.source = source;
    source.on('data', (event: never) => {
      this.put({ kind: 'event', resolved: this.resolvedOf(event) });
    });
    source.on('caughtUp', () => void this.afterWhatWaits({ kind: 'caught-up' }));
    source.on('error', (error: never) => {
      this.failure = { error };
      this.wake?.();
    });
    return this;
  }

  /** The client tells of checkpoints at once, while events that came before may still wait in its buffer. */
  async afterWhatWaits(message: Message): Promise<void> {
    while ((this.source?.readableLength ?? 0) > 0) await turn();
    await turn();
    this.put(message);
  }

  async next(): Promise<Message> {
    for (;;) {
      const message = this.messages.shift();
      if (message !== undefined) return message;
      if (this.failure !== undefined) throw this.refusedOf(this.failure.error);
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  async close(): Promise<void> {
    await this.source?.unsubscribe();
  }

  private put(message: Message): void {
    this.messages.push(message);
    this.wake?.();
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
