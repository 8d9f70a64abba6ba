interface Timer {
  readonly at: number;
  readonly order: number;
  run: (() => void) | undefined;
}

/** When the simulated world begins. */
const START = Date.parse('2026-11-22T12:00:00.000Z');

/**
 * Time that passes only when nobody has anything to do at the moment: everything that follows from one timer is done
 * before the next is looked at. Timers of one moment run in the order in which they were set.
 */
export class VirtualTime {
  private time = START;
  private text: string | undefined;
  private order = 0;
  private readonly timers = new Heap();
  /** Timers that have run: a measure of how much happened. */
  steps = 0;

  /** Milliseconds since 1970. */
  get now(): number {
    return this.time;
  }

  /** The same as ISO 8601. */
  get iso(): string {
    return (this.text ??= new Date(this.time).toISOString());
  }

  /** Runs `work` that many milliseconds from now, in whole ones. Returns what takes it back. */
  after(ms: number, work: () => void): () => void {
    const timer: Timer = { at: this.time + Math.max(0, Math.ceil(ms)), order: (this.order += 1), run: work };
    this.timers.push(timer);
    return () => {
      timer.run = undefined;
    };
  }

  /** Resolves after that long, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const cancel = this.after(ms, end);
      signal?.addEventListener('abort', end, { once: true });
    });
  }

  /** Lets `ms` pass; ends earlier, at a whole step, when `until` says so. */
  async pass(ms: number, until: () => boolean = () => false): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await everythingElse();
      if (until()) return;
      const next = this.timers.next();
      if (next === undefined || next.at > end) break;
      this.timers.pop();
      this.advance(next.at);
      this.steps += 1;
      next.run?.();
    }
    this.advance(end);
  }

  private advance(to: number): void {
    if (to <= this.time) return;
    this.time = to;
    this.text = undefined;
  }
}

/** Resolves when no promise that can go on is left: the event loop turns only when its microtasks are done. */
const everythingElse = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The timers, soonest first. */
class Heap {
  private readonly items: Timer[] = [];

  /** The soonest of those that were not taken back. */
  next(): Timer | undefined {
    while (this.items[0] !== undefined && this.items[0].run === undefined) this.pop();
    return this.items[0];
  }

  push(timer: Timer): void {
    const { items } = this;
    let at = items.length;
    items.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(timer, items[parent] as Timer)) break;
      items[at] = items[parent] as Timer;
      at = parent;
    }
    items[at] = timer;
  }

  pop(): Timer | undefined {
    const { items } = this;
    const [first] = items;
    const last = items.pop();
    if (last === undefined || items.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && isBefore(items[child + 1] as Timer, items[child] as Timer)) child += 1;
      if (!isBefore(items[child] as Timer, last)) break;
      items[at] = items[child] as Timer;
      at = child;
    }
    items[at] = last;
    return first;
  }
}

const isBefore = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
