import type { EventLog } from '../log/event-log';
import type { Outlet } from './outlet';

/** Remembers that something was committed while the subscription was busy, and wakes it when it sleeps. */
export class Watch {
  private stale = false;
  readonly end: () => void;

  constructor(
    log: EventLog,
    stream: string | undefined,
    private readonly outlet: Outlet,
  ) {
    this.end = log.signal.watch(stream, () => {
      this.stale = true;
      this.outlet.stir();
    });
  }

  /** Call this before looking for new events: commits from now on count as news. */
  reset(): void {
    this.stale = false;
  }

  /** Resolves when there is news since {@link reset}, or the reader is gone. */
  async news(): Promise<void> {
    while (!this.stale && !this.outlet.isClosed()) await this.outlet.sleep();
  }
}
