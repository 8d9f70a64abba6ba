/** What a process was like in the time since it was last looked at. */
export interface Look {
  /** The share of that time that it has spent on a processor: 1 is one processor all of the time. */
  readonly busy: number;
  /** Bytes that V8 holds for its heap, used or not. */
  readonly held: number;
}

const BUSY = 0.05;
/** Looks in a row without work before it counts as rest. */
const QUIET_LOOKS = 6;
/** What it must have grown by since the last collection: a quarter, and something. */
const GROWTH = 1.25;
const GROWTH_BYTES = 16 * 1024 * 1024;

/**
 * Decides when a process gives back the memory that work has grown it by. V8 collects when something is allocated; a
 * process that has become quiet keeps its garbage. A collection stops it for a moment, some ms for each MB that lives, so
 * there is one, and only at rest.
 */
export class Resting {
  private quiet = 0;
  /** Bytes that the last collection has left; unknown until the look after it. */
  private left: number | undefined = 0;

  /** Called at regular intervals. @returns whether to collect now */
  due({ busy, held }: Look): boolean {
    this.left ??= held;
    this.quiet = busy >= BUSY ? 0 : this.quiet + 1;
    if (this.quiet < QUIET_LOOKS || held <= this.left * GROWTH + GROWTH_BYTES) return false;
    this.left = undefined;
    return true;
  }
}
