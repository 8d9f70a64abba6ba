/** Whose turn a piece of work is: a party, such as a client's address, and one of those for whom it asks. */
export interface Turn {
  readonly party: string;
  readonly member: string;
}

interface Waiting {
  readonly start: () => void;
  readonly refuse: () => void;
}

export interface FairQueueLimits {
  /** Pieces of work at a time. */
  readonly slots: number;
  /** Waiting ones of all together. */
  readonly waiting: number;
  /** Waiting ones of one member. */
  readonly waitingOfOne: number;
}

/** Members of a party with what they wait for, and parties with their members: who comes first in the map is next. */
type Line = Map<string, Waiting[]>;

/**
 * Work that may be asked for by anyone, a few pieces at a time: the parties take turns, and so do the members within each
 * party. Those who ask most wait longest, and are refused first when too much waits.
 */
export class FairQueue {
  private readonly lines = new Map<string, Line>();
  private running = 0;
  private waiting = 0;

  /** @param refusal what those are told for whom there is no room */
  constructor(
    private readonly limits: FairQueueLimits,
    private readonly refusal: () => Error,
  ) {}

  async run<T>(turn: Turn, work: () => Promise<T>): Promise<T> {
    if (this.running < this.limits.slots) this.running += 1;
    else await this.wait(turn);
    try {
      return await work();
    } finally {
      // The slot goes on to the next without being free in between.
      const next = this.next();
      if (next === undefined) this.running -= 1;
      else next.start();
    }
  }

  private wait(turn: Turn): Promise<void> {
    return new Promise((resolve, reject) => {
      const line = this.lines.get(turn.party) ?? (new Map() as Line);
      const own = line.get(turn.member) ?? [];
      if (own.length >= this.limits.waitingOfOne) {
        reject(this.refusal());
        return;
      }
      own.push({
        start: resolve,
        refuse: () => {
          reject(this.refusal());
        },
      });
      this.lines.set(turn.party, line.set(turn.member, own));
      this.waiting += 1;
      if (this.waiting > this.limits.waiting) this.refuseOne();
    });
  }

  /** The next of the party whose turn it is; party and member then come last. */
  private next(): Waiting | undefined {
    for (const [party, line] of this.lines) {
      for (const [member, own] of line) {
        const next = own.shift();
        this.waiting -= 1;
        line.delete(member);
        if (own.length > 0) line.set(member, own);
        this.lines.delete(party);
        if (line.size > 0) this.lines.set(party, line);
        return next;
      }
    }
    return undefined;
  }

  /** The last that came of the longest line in the largest party. */
  private refuseOne(): void {
    const sizeOf = (line: Line): number => [...line.values()].reduce((sum, own) => sum + own.length, 0);
    const [party, line] = largest(this.lines, sizeOf);
    const [member, own] = largest(line, ({ length }) => length);
    own.pop()?.refuse();
    this.waiting -= 1;
    if (own.length === 0) line.delete(member);
    if (line.size === 0) this.lines.delete(party);
  }
}

function largest<V>(among: ReadonlyMap<string, V>, sizeOf: (value: V) => number): readonly [string, V] {
  const [first, ...others] = [...among];
  if (first === undefined) throw new Error('nothing waits');
  let [best, size] = [first, sizeOf(first[1])];
  for (const entry of others) {
    const its = sizeOf(entry[1]);
    if (its >= size) [best, size] = [entry, its];
  }
  return best;
}
