import { DomainError, later } from '@cairn/domain';

import type { Clock, CommandContext } from './ports';

/** How long a request's commands are tried while the log takes no writes: it is to be told within 5 s. */
export const LOG_PATIENCE_MS = 4_000;

/** An attempt that takes longer has trouble with the log, too; a node answers in less, or gives up. */
const SLOW_MS = 3_000;
const LOOK_EVERY_MS = 500;

/** Requests that may wait in trouble in one process, at all streams together; who comes then is told at once. */
const MOST_WAITING = 512;

export const unavailable = (code: string): DomainError =>
  new DomainError('unavailable', code, 'The service is temporarily unavailable. Try again later.');

/** What waits for the log: a command of a request, or one of Cairn's own, which has no such time and waits on. */
export interface Waiting {
  readonly context: Pick<CommandContext, 'deadline' | 'logBy'>;
  readonly reject: (error: unknown) => void;
}

/** Whether its caller waits no longer, with or without trouble at the log. */
export const isOver = ({ context: { deadline } }: Waiting, now: string): boolean => deadline < now;

/** Whether its caller waits no longer, if the log takes no writes. */
export const isLate = ({ context: { deadline, logBy } }: Waiting, now: string): boolean =>
  deadline < now || (logBy !== undefined && logBy < now);

/** Those whose caller still waits; the others are told. */
export function stillWaiting<W extends Waiting>(all: readonly W[], now: string, late: typeof isLate): readonly W[] {
  return all.filter((one) => {
    if (!late(one, now)) return true;
    one.reject(unavailable('log.unavailable'));
    return false;
  });
}

/** How many requests wait for a log that takes no writes. */
export class TroubledRequests {
  private count = 0;

  constructor(private readonly most = MOST_WAITING) {}

  get full(): boolean {
    return this.count >= this.most;
  }

  add(requests: number): void {
    this.count += requests;
  }
}

/** One batch on its way to the log: it tells those who wait for it in time when the log does not take it. */
export class LogPatience<W extends Waiting> {
  private readonly over = new AbortController();
  private slowAt: string;
  private failed = false;
  private counted = 0;

  /**
   * @param waiting its commands that are not settled yet: those that the next attempt is for
   * @param behind how many came after it; with a time, those are told, and leave, who do not wait as long
   */
  constructor(
    private readonly clock: Clock,
    public waiting: readonly W[],
    private readonly behind: (now?: string) => number,
    private readonly troubled: TroubledRequests,
  ) {
    this.slowAt = later(clock.now(), SLOW_MS);
    void this.watch();
  }

  /** An attempt begins. */
  attempt(): void {
    this.slowAt = later(this.clock.now(), SLOW_MS);
  }

  /** The log did not take it. */
  fail(): void {
    this.failed = true;
    this.recount(this.waiting.length + this.behind());
  }

  /** The batch is settled. */
  end(): void {
    this.over.abort('over'); // without a reason, an error is made with its stack
    this.recount(0);
  }

  private async watch(): Promise<void> {
    const { signal } = this.over;
    for (;;) {
      await this.clock.sleep(LOOK_EVERY_MS, signal);
      if (signal.aborted) return;
      const now = this.clock.now();
      if (!this.failed && now < this.slowAt) continue;
      const inTime = stillWaiting(this.waiting, now, isLate).length;
      this.recount(inTime + this.behind(now));
    }
  }

  private recount(waiting: number): void {
    this.troubled.add(waiting - this.counted);
    this.counted = waiting;
  }
}
