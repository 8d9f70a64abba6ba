/** What a piece costs besides its bytes, so that very small ones are not free. */
const PIECE_BYTES = 256;

/** Why something that arrives is not waited for any longer: it takes too long, or too much of all is under way. */
export type GivenUp = 'late' | 'crowded';

interface Entry {
  /** Memory that it takes. */
  held: number;
  readonly giveUp: (why: GivenUp) => void;
  readonly timer: NodeJS.Timeout;
}

/** Something that has begun to arrive. */
export interface Arriving {
  /** More of it has come. */
  grow(bytes: number): void;
  /** It is whole, or nobody waits for it: its memory is free. May be called again. */
  end(): void;
}

/**
 * Bounds what has arrived in part, of all clients together and in time. When there is too much, what began first is given
 * up: what honest clients send is whole within moments.
 */
export class Unfinished {
  /** In the order in which they began. */
  private readonly entries = new Set<Entry>();
  private used = 0;

  /**
   * @param mostBytes of all together
   * @param patienceMs from the first byte of one to its last
   */
  constructor(
    private readonly mostBytes: number,
    readonly patienceMs: number,
  ) {}

  /** Memory that is kept. */
  get heldBytes(): number {
    return this.used;
  }

  /** @param giveUp is told at most once, and then the memory counts as free */
  begin(giveUp: (why: GivenUp) => void): Arriving {
    const timer = setTimeout(() => {
      this.giveUp(entry, 'late');
    }, this.patienceMs);
    const entry: Entry = { held: 0, giveUp, timer: timer.unref() };
    this.entries.add(entry);
    return {
      grow: (bytes) => {
        this.grow(entry, bytes + PIECE_BYTES);
      },
      end: () => {
        this.forget(entry);
      },
    };
  }

  private grow(entry: Entry, more: number): void {
    if (!this.entries.has(entry)) return;
    entry.held += more;
    this.used += more;
    for (const oldest of this.entries) {
      if (this.used <= this.mostBytes) return;
      this.giveUp(oldest, 'crowded');
    }
  }

  private giveUp(entry: Entry, why: GivenUp): void {
    this.forget(entry);
    entry.giveUp(why);
  }

  private forget(entry: Entry): void {
    clearTimeout(entry.timer);
    if (this.entries.delete(entry)) this.used -= entry.held;
  }
}
