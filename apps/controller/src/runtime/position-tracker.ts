import type { Position } from '@cairn/event-store';

/**
 * Tracks the position up to which all work has ended, while single pieces end in any order. That position is the
 * checkpoint to save: a restart repeats what had not ended. (The client's own checkpoints may come before the work's
 * end.)
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

  /** Adds the event at `position`; `work` resolves when the work on it has ended (undefined: there is none). */
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
