import type { Position } from '@cairn/event-store';

/**
 * Knows below which position everything is done, while the work itself ends in any order. The checkpoint to save is
 * never beyond an event whose handling has not ended (eventstore-wire.md: the client announces checkpoints early).
 */
export class PositionTracker {
  private readonly open: { readonly position: Position; done: boolean }[] = [];
  private head = 0;
  private reached: Position | undefined;
  private wake: (() => void) | undefined;

  constructor(private readonly limit: number) {}

  get checkpoint(): Position | undefined {
    return this.reached;
  }

  get pending(): number {
    return this.open.length - this.head;
  }

  /** Work on the event at `position` has begun; `work` ends it (undefined: there was nothing to do). */
  begin(position: Position, work: Promise<void> | undefined): void {
    const entry = { position, done: work === undefined };
    this.open.push(entry);
    const finish = (): void => {
      entry.done = true;
      this.advance();
    };
    if (work === undefined) this.advance();
    else void work.then(finish, finish);
  }

  /** Resolves when there is room for more work. */
  room(): Promise<void> {
    if (this.pending < this.limit) return Promise.resolve();
    return new Promise((resolve) => (this.wake = resolve));
  }

  private advance(): void {
    for (let entry = this.open[this.head]; entry?.done === true; entry = this.open[this.head]) {
      this.reached = entry.position;
      this.head += 1;
    }
    if (this.head > 1_024 || this.head === this.open.length) {
      this.open.splice(0, this.head);
      this.head = 0;
    }
    if (this.wake !== undefined && this.pending < this.limit) {
      const { wake } = this;
      this.wake = undefined;
      wake();
    }
  }
}
