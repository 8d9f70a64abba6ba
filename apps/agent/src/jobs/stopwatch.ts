import type { Clock } from '../ports/clock.port';

/** Times the parts of a job, in milliseconds, for the timeline. */
export class Stopwatch {
  private readonly parts: Record<string, number> = {};

  constructor(private readonly clock: Clock) {}

  async time<T>(part: string, work: () => Promise<T>): Promise<T> {
    const from = this.clock.now();
    try {
      return await work();
    } finally {
      this.parts[part] = (this.parts[part] ?? 0) + Math.max(0, Math.round(this.clock.now() - from));
    }
  }

  get timings(): Readonly<Record<string, number>> {
    return { ...this.parts };
  }
}
