import type { Position } from './port';

/** What 23.10 and 24.10 send from the start of a log while nothing has passed the filter: no position at all. */
const NOWHERE = 2n ** 64n - 1n;

/**
 * Tells which of a server's checkpoints may be relied on. The newest one may not: at the end of the log, 25.0 names the
 * place where the *next* event will be, and who resumes behind that never sees it. As soon as the same subscription
 * announces a later one, every wanted event up to the earlier one has been sent, and it is settled.
 */
export class SettledCheckpoints {
  private newest: Position | undefined;

  /** The checkpoint that is settled now that the server has announced that one. */
  announced(checkpoint: Position): Position | undefined {
    const earlier = this.newest;
    if (checkpoint === NOWHERE || (earlier !== undefined && checkpoint <= earlier)) return undefined;
    this.newest = checkpoint;
    return earlier;
  }
}
