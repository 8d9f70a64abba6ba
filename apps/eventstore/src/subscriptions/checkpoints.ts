/** A place in `$all`: a commit and a prepare position, compared in this order. */
export interface Place {
  readonly commit: number;
  readonly prepare: number;
}

/** How often a filtered subscription says how far it is. */
export interface CheckpointPace {
  /** Events that one page of a catch-up looks at. */
  readonly window: number;
  /** Events looked at between two checkpoints. */
  readonly interval: number;
}

/** Matching events after which a page of a catch-up is full. */
const PAGE_MATCHES = 32;

/** Where every log begins, and with it the first page of a subscription from the start. */
const BEGINNING: Place = { commit: 0, prepare: 0 };

/**
 * Says when and where a filtered subscription to `$all` announces a checkpoint, as EventStoreDB 24.10 does
 * (Enumerator.AllSubscriptionFiltered): what lies behind is read in pages, and a checkpoint stands at the last event sent or
 * at the beginning of the page that was just read, whichever is later; live, it stands at the event with which the
 * interval is full. Every event up to a checkpoint was looked at, so a subscriber that resumes from it misses nothing.
 */
export class Checkpoints {
  /** Of the page that is being read. */
  protected begin: Place | undefined;
  private considered = 0;
  private matches = 0;
  /** Of whole pages, since the last checkpoint. */
  private counted = 0;
  /** Committed since the subscription began, and since the last time that the interval was full. */
  private arrived = 0;
  /** The last event sent, or checkpoint. */
  protected reached: Place | undefined;
  private said: Place | undefined;

  /**
   * @param start where the subscription begins; undefined for the start of the log
   * @param liveAfter events behind this position are committed after the subscription began
   */
  constructor(
    private readonly pace: CheckpointPace,
    start: Place | undefined,
    private readonly liveAfter: number,
  ) {
    this.begin = start ?? BEGINNING;
    this.reached = start;
  }

  /** An event behind was looked at, and sent if it was wanted. @returns the checkpoint that follows it */
  passBehind(position: number, wanted: boolean): Place | undefined {
    if (position > this.liveAfter) this.arrive();
    this.begin ??= { commit: position, prepare: 0 };
    this.considered += 1;
    if (wanted) {
      this.matches += 1;
      this.reach({ commit: position, prepare: position });
    }
    if (this.considered < this.pace.window && this.matches < PAGE_MATCHES) return undefined;
    return this.turnPage(this.begin);
  }

  /**
   * There is nothing behind any more.
   * @param _end where the next event will be
   * @returns the checkpoint with which the subscription goes live
   */
  endBehind(_end: number): Place | undefined {
    return this.announced(this.reached);
  }

  /** A new event was looked at, and sent if it was wanted. @returns the checkpoint that follows it */
  passLive(position: number, wanted: boolean): Place | undefined {
    const place = { commit: position, prepare: position };
    if (wanted) this.reach(place);
    return this.arrive() && this.reach(place) ? this.announced(place) : undefined;
  }

  private turnPage(begin: Place): Place | undefined {
    this.counted += this.considered;
    [this.begin, this.considered, this.matches] = [undefined, 0, 0];
    if (this.counted < this.pace.interval) return undefined;
    this.counted %= this.pace.interval;
    this.reach(begin);
    return this.announced(this.reached);
  }

  /** @returns true when the interval is full */
  private arrive(): boolean {
    this.arrived = (this.arrived + 1) % this.pace.interval;
    return this.arrived === 0;
  }

  /** @returns false when it was beyond that already */
  protected reach(place: Place): boolean {
    if (isBefore(place, this.reached)) return false;
    this.reached = place;
    return true;
  }

  protected announced(place: Place | undefined): Place | undefined {
    if (place === undefined || (this.said !== undefined && !isBefore(this.said, place))) return undefined;
    this.said = place;
    return place;
  }
}

/** As the constructor. */
export type MakeCheckpoints = (...how: ConstructorParameters<typeof Checkpoints>) => Checkpoints;

function isBefore(one: Place, other: Place | undefined): boolean {
  if (other === undefined) return false;
  return one.commit === other.commit ? one.prepare < other.prepare : one.commit < other.commit;
}
