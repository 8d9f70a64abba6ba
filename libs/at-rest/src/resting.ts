/** What a process was like in the time since it was last looked at. */
export interface Look {
  /** The share of that time, 0 to 1, in which its event loop had work. */
  readonly busy: number;
  /** Bytes that V8 holds for its heap, used or not. */
  readonly held: number;
}

const BUSY = 0.05;
/** Looks in a row without work before it counts as rest. */
const QUIET_LOOKS = 6;
/** V8 gives pages back in steps: each collection empties some, halves the young generation, and chooses what to move next. */
const COLLECTIONS = 5;
/** What it must have grown by since the last of them: a quarter, and something. */
const GROWTH = 1.25;
const GROWTH_BYTES = 16 * 1024 * 1024;

/**
 * Decides when a process gives back the memory that work has grown it by. V8 collects when something is allocated; a
 * process that has become quiet keeps its garbage. A collection stops it for a moment, about 1 ms for each MB that lives,
 * so there are few, and only at rest.
 */
export class Resting {
  private quiet = 0;
  private owed = 0;
  private floor = 0;

  /** Called at regular intervals. @returns whether to collect now */
  due({ busy, held }: Look): boolean {
    if (busy >= BUSY) {
      this.quiet = 0;
      return false;
    }
    this.quiet += 1;
    if (this.quiet < QUIET_LOOKS) return false;
    if (this.owed === 0 && held > this.floor * GROWTH + GROWTH_BYTES) this.owed = COLLECTIONS;
    if (this.owed === 0) return false;
    this.owed -= 1;
    this.floor = held; // of the look before the last collection: the next growth is measured from a little too much
    return true;
  }
}
