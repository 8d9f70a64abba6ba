import type { EventStore, LogMessage, Position } from '@cairn/event-store';
import type { FollowedLog } from './memory-core';

/** The log for read models that stand still while a test wants it. */
export class FrozenLog implements FollowedLog {
  private still: Promise<void> | undefined;
  private release: () => void = () => undefined;

  constructor(private readonly store: EventStore) {}

  freeze(): void {
    this.still ??= new Promise((resolve) => (this.release = resolve));
  }

  thaw(): void {
    this.still = undefined;
    this.release();
  }

  head(): Promise<Position> {
    return this.store.head();
  }

  history(): Promise<string | undefined> {
    return this.store.history();
  }

  async *subscribe(...args: Parameters<EventStore['subscribe']>): AsyncIterable<LogMessage> {
    for await (const message of this.store.subscribe(...args)) {
      if (this.still !== undefined) await this.still;
      yield message;
    }
  }
}
