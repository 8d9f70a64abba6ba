import type { Clock } from '../../apps/controller/src/runtime/ports';
import type { VirtualTime } from '../sim/clock';

/**
 * The clock of what answers requests. Who sleeps on it waits for time to pass, or for processes and hosts, which do
 * nothing of themselves: `untilSomeoneSleeps` tells when that is.
 */
export class WaitedFor implements Clock {
  private asleep = 0;
  private told: (() => void)[] = [];

  constructor(private readonly time: VirtualTime) {}

  now(): string {
    return this.time.iso;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.asleep += 1;
    for (const tell of this.told.splice(0)) tell();
    await this.time.sleep(ms, signal);
    this.asleep -= 1;
  }

  untilSomeoneSleeps(): Promise<void> {
    return this.asleep > 0 ? Promise.resolve() : new Promise((resolve) => this.told.push(resolve));
  }
}
