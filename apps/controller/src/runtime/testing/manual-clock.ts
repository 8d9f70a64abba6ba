import type { Clock } from '../ports';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Resolves when everybody who can go on has done so. */
export const drained = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Time that passes only when the test says so. */
export class ManualClock implements Clock {
  private sleepers: Sleeper[] = [];

  constructor(private time = Date.parse('2026-11-22T12:00:00.000Z')) {}

  now(): string {
    return new Date(this.time).toISOString();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper: Sleeper = {
        at: this.time + ms,
        wake: () => {
          this.sleepers = this.sleepers.filter((other) => other !== sleeper);
          signal?.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      this.sleepers.push(sleeper);
      signal?.addEventListener('abort', sleeper.wake, { once: true });
    });
  }

  /** Lets that much time pass, step by step: who is woken does what follows before time goes on. */
  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await drained();
      const due = this.sleepers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      const [next] = due;
      if (next === undefined) break;
      this.time = Math.max(this.time, next.at);
      next.wake();
    }
    this.time = end;
    await drained();
  }
}
