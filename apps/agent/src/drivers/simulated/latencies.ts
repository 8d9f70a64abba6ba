import type { Clock } from '../../ports/clock.port';

/** How long a simulated host takes for things, in milliseconds. */
export interface Latencies {
  readonly image: number;
  readonly disk: number;
  readonly network: number;
  readonly start: number;
  readonly stop: number;
}

export const DEFAULT_LATENCIES: Latencies = { image: 200, disk: 30, network: 20, start: 250, stop: 100 };

/** How a simulated host lets time pass. */
export class Pace {
  constructor(
    private readonly clock: Clock,
    private readonly latencies: Latencies = DEFAULT_LATENCIES,
  ) {}

  take(what: keyof Latencies): Promise<void> {
    return this.clock.sleep(this.latencies[what]);
  }
}
