import { Checkpoints, type MakeCheckpoints, type Place } from '../../subscriptions/checkpoints';
import type { Release } from './filtered-feed';

/** Said where nothing has passed the filter: no position, which no later one is behind. */
const NOWHERE: Place = { commit: Infinity, prepare: Infinity };

/** A release's checkpoints, with those that are ahead of events. */
export const checkpointsOf =
  (release: Release): MakeCheckpoints =>
  (...how) =>
    release === '25.0' ? new CheckpointsOfPages(...how) : new CheckpointsOfNothing(...how);

/** 23.10 and 24.10. */
class CheckpointsOfNothing extends Checkpoints {
  override endBehind(_end: number): Place | undefined {
    return this.announced(this.reached ?? NOWHERE);
  }
}

/** 25.0 names the beginning of the last page also where that page is empty: the place where the next event will be. */
class CheckpointsOfPages extends Checkpoints {
  override endBehind(end: number): Place | undefined {
    this.reach(this.begin ?? { commit: end, prepare: 0 });
    return this.announced(this.reached);
  }
}
