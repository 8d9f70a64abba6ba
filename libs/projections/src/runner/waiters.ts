import type { Position } from '@cairn/event-store';
import type { Timer } from '../read-model';

interface Waiter {
  readonly position: Position;
  readonly wake: (reached: boolean) => void;
}

/** Given as the reason, since the one that is made otherwise has a stack. */
const OVER = 'over';

/** Those who wait until the rows show a position. */
export class Waiters {
  private readonly waiting = new Set<Waiter>();

  constructor(private readonly timer: Timer) {}

  /** True once `reached` was called with that position or a later one; false after that long, or when all are let go. */
  async wait(position: Position, timeoutMs: number): Promise<boolean> {
    const timeout = new AbortController();
    const reached = await new Promise<boolean>((wake) => {
      const waiter: Waiter = {
        position,
        wake: (answer) => {
          this.waiting.delete(waiter);
          wake(answer);
        },
      };
      this.waiting.add(waiter);
      void this.timer.sleep(timeoutMs, timeout.signal).then(() => {
        waiter.wake(false);
      });
    });
    timeout.abort(OVER);
    return reached;
  }

  reached(position: Position): void {
    for (const waiter of [...this.waiting]) if (waiter.position <= position) waiter.wake(true);
  }

  letGo(): void {
    for (const waiter of [...this.waiting]) waiter.wake(false);
  }
}
