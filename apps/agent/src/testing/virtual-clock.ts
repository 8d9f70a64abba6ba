import type { Clock } from '../ports/clock.port';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock that jumps to the next moment somebody waits for, as soon as nothing else is to be done. */
export class VirtualClock implements Clock {
  private sleepers: Sleeper[] = [];
  private scheduled = false;

  constructor(private time = Date.parse('2026-11-22T12:00:00.000Z')) {}

  now(): number {
    return this.time;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((wake) => {
      this.sleepers.push({ at: this.time + ms, wake });
      signal?.addEventListener('abort', () => {
        wake();
      });
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.scheduled || this.sleepers.length === 0) return;
    this.scheduled = true;
    // Behind all microtasks and what they cause: then everybody who can go on has done so.
    setImmediate(() => {
      this.scheduled = false;
      this.sleepers.sort((a, b) => a.at - b.at);
      const next = this.sleepers.shift();
      if (next === undefined) return;
      this.time = Math.max(this.time, next.at);
      next.wake();
      this.schedule();
    });
  }
}
