import type { ReadCount } from './node';

/**
 * Calls that one HTTP/2 connection carries at most. A node allows 100; one more waits on the client's side without a
 * word until another has ended.
 */
const MOST_CALLS = 80;

/** One connection to a node. */
export interface Lane {
  /** Calls that run on it. */
  calls: number;
  close(): void;
}

/** The connections to one node that carry reads: as many as their number of calls takes, and no more. */
export class Lanes<L extends Lane> {
  private lanes: L[] = [];

  /** @param mostCalls that one of them carries */
  constructor(
    private readonly open: () => L,
    private readonly mostCalls = MOST_CALLS,
  ) {}

  /** Connections and the calls on them, now. */
  get count(): ReadCount {
    return { connections: this.lanes.length, calls: this.lanes.reduce((sum, { calls }) => sum + calls, 0) };
  }

  /** A connection with room for a call; the call's end is told by {@link release}. */
  take(): L {
    let lane = this.lanes.find(({ calls }) => calls < this.mostCalls);
    if (lane === undefined) {
      lane = this.open();
      this.lanes.push(lane);
    }
    lane.calls += 1;
    return lane;
  }

  release(lane: L): void {
    lane.calls -= 1;
    if (lane.calls > 0 || this.lanes.length === 1 || !this.lanes.includes(lane)) return;
    this.lanes = this.lanes.filter((other) => other !== lane);
    lane.close();
  }

  close(): void {
    for (const lane of this.lanes) lane.close();
    this.lanes = [];
  }
}
