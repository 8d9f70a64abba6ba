import { StoreUnready } from '../port';
import type { Timing } from './timing';

export type Need = 'reads' | 'writes';

/** Calls that may wait for a node; the next one is told at once that there is none. */
const MOST_WAITING = 1_024;

interface Waiter {
  readonly need: Need;
  readonly go: () => void;
}

/** Calls that wait for a node that serves them. */
export class Waiters {
  private readonly waiting = new Set<Waiter>();

  constructor(
    private readonly serves: (need: Need) => boolean,
    private readonly timing: Timing,
  ) {}

  /** Ends when it is served, or after that many milliseconds. @throws StoreUnready when too many wait already */
  async wait(need: Need, patienceMs: number): Promise<void> {
    if (this.waiting.size >= MOST_WAITING) throw new StoreUnready('too many wait for the log already');
    await new Promise<void>((resolve) => {
      const waiter: Waiter = {
        need,
        go: () => {
          cancel();
          this.waiting.delete(waiter);
          resolve();
        },
      };
      const cancel = this.timing.after(patienceMs, waiter.go);
      this.waiting.add(waiter);
    });
  }

  /** Lets those go that are served now. */
  wake(): void {
    for (const { need, go } of this.waiting) if (this.serves(need)) go();
  }

  letGo(): void {
    for (const { go } of this.waiting) go();
  }
}
