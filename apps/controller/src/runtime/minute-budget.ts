import type { Clock } from './ports';

const MINUTE_MS = 60_000;

/** Limits how often something may happen per minute, by key. */
export class MinuteBudget {
  private minute = 0;
  private used = new Map<string, number>();

  constructor(
    private readonly most: number,
    private readonly clock: Clock,
  ) {}

  /** Spends one unit of the key's budget; false if none is left in this minute. */
  take(key: string): boolean {
    const minute = Math.floor(Date.parse(this.clock.now()) / MINUTE_MS);
    if (minute !== this.minute) {
      this.minute = minute;
      this.used = new Map();
    }
    const used = this.used.get(key) ?? 0;
    if (used >= this.most) return false;
    this.used.set(key, used + 1);
    return true;
  }
}
