import type { FilterArgs } from '../conversation';
import type { ModelEvent } from './store-model';

/** A place in the model's log: at an event, or before it, where a page begins. */
interface ModelPlace {
  readonly index: number;
  readonly isBefore: boolean;
}

/** Matching events that a page holds at most. */
const PAGE = 32;

/** What the history begins behind: an event of nobody's. */
export const MARK: ModelEvent = {
  stream: 'conversations',
  revision: 0n,
  type: 'T',
  id: 'new',
  data: '{}',
  json: true,
};

/** Whether the model knows what a filter wants: it compares characters, which is right where all of them are ASCII. */
export function isModelledFilter({ prefixes = [], regex, window }: FilterArgs): boolean {
  return regex === undefined && window !== 'none' && prefixes.every((prefix) => /^[ -~]*$/.test(prefix));
}

export function wantedBy({ on, prefixes = [] }: FilterArgs, event: ModelEvent): boolean {
  return prefixes.some((prefix) => (on === 'stream' ? event.stream : event.type).startsWith(prefix));
}

/**
 * What a filtered subscription to `$all` says, page by page, as the source of EventStoreDB has it: what is behind is read
 * in pages of so many events looked at, or 32 that match.
 */
export class ModelFilteredSubscription {
  /** The last event or checkpoint that was sent. */
  private reached: ModelPlace;
  private announced: ModelPlace | undefined;
  private arrived = 0;
  private readonly window: number;
  private readonly interval: number;

  /**
   * @param log everything, the mark first
   * @param after where in it the subscription begins
   */
  constructor(
    private readonly filter: FilterArgs,
    private log: readonly ModelEvent[],
    after: number,
    private readonly shown: (event: ModelEvent) => unknown,
  ) {
    this.window = typeof filter.window === 'number' ? filter.window : PAGE;
    this.interval = this.window * filter.interval;
    this.reached = { index: after, isBefore: false };
  }

  catchUp(): readonly unknown[] {
    const said: unknown[] = [];
    if (this.reached.index === this.log.length - 1) return said;
    let [next, counted, begin] = [this.reached.index, 0, this.reached];
    for (;;) {
      let [considered, matches] = [0, 0];
      for (; considered < this.window && matches < PAGE && next < this.log.length; next += 1) {
        considered += 1;
        const event = this.log[next];
        if (event === undefined || !wantedBy(this.filter, event)) continue;
        matches += 1;
        if (!this.advance({ index: next, isBefore: false })) continue;
        said.push(this.shown(event));
      }
      if (considered < this.window && matches < PAGE) return [...said, ...this.checkpoint()];
      counted += considered;
      if (counted >= this.interval) {
        counted %= this.interval;
        this.advance(begin);
        said.push(...this.checkpoint());
      }
      begin = { index: next, isBefore: true };
    }
  }

  /** @param index where the new event stands */
  push(index: number, event: ModelEvent, resolved: unknown): readonly unknown[] {
    this.log = [...this.log, event];
    this.reached = { index, isBefore: false };
    this.arrived = (this.arrived + 1) % this.interval;
    const said = wantedBy(this.filter, event) ? [resolved] : [];
    return this.arrived === 0 ? [...said, ...this.checkpoint()] : said;
  }

  private advance(place: ModelPlace): boolean {
    if (order(place) <= order(this.reached)) return false;
    this.reached = place;
    return true;
  }

  private checkpoint(): readonly unknown[] {
    const { index, isBefore } = this.reached;
    if (this.announced !== undefined && order(this.reached) <= order(this.announced)) return [];
    this.announced = this.reached;
    const event = this.log[index] ?? MARK;
    const name = index === 0 ? 'at the beginning' : `${event.stream}@${revisionName(event.revision)}`;
    return [{ checkpoint: isBefore ? { commit: name, prepare: 'before the history' } : name }];
  }
}

function order({ index, isBefore }: ModelPlace): number {
  return 2 * index + (isBefore ? 0 : 1);
}

function revisionName(revision: bigint): string {
  return revision === 2n ** 63n - 1n ? 'largest' : String(revision);
}
