import type { Clock } from '../ports/clock.port';

/** Times the parts of a job, in milliseconds, for the timeline. */
export class Stopwatch {
  private readonly parts = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  async time<T>(part: string, work: () => Promise<T>): Promise<T> {
    const from = this.clock.now();
    try {
      return await work();
    } finally {
      const spent = Math.max(0, Math.round(this.clock.now() - from));
      this.parts.set(part, (this.parts.get(part) ?? 0) + spent);
    }
  }

  get timings(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.parts);
  }
}
