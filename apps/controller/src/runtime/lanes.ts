import { Semaphore } from 'async-mutex';

/**
 * Runs work by key: one at a time within a key, at most `width` keys at once. A call for a key that already has a
 * waiting call joins that one, since the waiting work will see the newest state.
 */
export class Lanes {
  private readonly running = new Map<string, Promise<void>>();
  private readonly waiting = new Map<string, Promise<void>>();
  private readonly slots: Semaphore;

  constructor(width: number) {
    this.slots = new Semaphore(width);
  }

  run(key: string, work: () => Promise<void>): Promise<void> {
    const waits = this.waiting.get(key);
    if (waits !== undefined) return waits;
    const before = this.running.get(key);
    if (before === undefined) return this.begin(key, work);
    const next = before.then(() => {
      this.waiting.delete(key);
      return this.begin(key, work);
    });
    this.waiting.set(key, next);
    return next;
  }

  /** Keys with work now. */
  get busy(): number {
    return this.running.size;
  }

  private begin(key: string, work: () => Promise<void>): Promise<void> {
    const run = this.slots.runExclusive(work).finally(() => {
      if (this.running.get(key) === settled) this.running.delete(key);
    });
    const settled = run.catch(() => undefined);
    this.running.set(key, settled);
    return run;
  }
}
