import type { EventStore, Position } from '@cairn/event-store';
import type { AnyProjection } from '../projection';
import type { ReadModelDatabase } from '../database/database';
import { UNWANTED } from '../projections';
import type { Timer } from '../read-model';
import { FIRST_ROW, RowSweep, type RowCursor, type Swept } from './row-sweep';

/** Streams and rows that are looked at together. */
const AT_ONCE = 20;
/** Events of the log that are looked through for streams at once. */
const SLICE = 200;
/** Streams that one round through the log remembers, so that it compares each once. */
const REMEMBERED = 50_000;
/** After an error, and between two rounds, at least. */
const REST_MS = 60_000;

export interface SteadySweepOptions {
  readonly database: ReadModelDatabase;
  readonly log: Pick<EventStore, 'head' | 'read' | 'subscribe'>;
  readonly timer: Timer;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** The cost, on average. */
  readonly eventsPerSecond: number;
  /** Told of each group of streams that was compared. */
  readonly onSwept: (swept: Swept) => void;
  /** The sweep goes on a minute later. */
  readonly onError: (error: unknown) => void;
  readonly projections?: readonly AnyProjection[];
}

/**
 * Compares rows with the log all the time, at a bounded cost: so many events are read each second. A round goes through
 * the log from its beginning, for rows that are missing or wrong, and through all rows, for those that no stream explains.
 * Beside that it looks at what has changed lately.
 */
export class SteadySweep {
  /** When what was read so far is paid for. */
  private paidUntil = 0;
  private lately: Position | undefined;

  constructor(private readonly options: SteadySweepOptions) {}

  async run(signal: AbortSignal): Promise<void> {
    const { timer, onError } = this.options;
    const running = (): boolean => !signal.aborted;
    while (running()) {
      try {
        await this.round(signal);
      } catch (error) {
        if (running()) onError(error);
      }
      await timer.sleep(REST_MS, signal);
    }
  }

  /** One round. @throws what log or database throw */
  async round(signal: AbortSignal): Promise<void> {
    const { database, log, projections } = this.options;
    const pace = (events: number): Promise<void> => this.pay(events, signal);
    this.lately ??= await log.head();
    const sweep = await RowSweep.open({ database, log, pace, ...(projections === undefined ? {} : { projections }) });
    try {
      const seen = new Set<string>();
      let rows: RowCursor | undefined = FIRST_ROW;
      let after: Position | undefined;
      for (let more = true; (more || rows !== undefined) && !signal.aborted;) {
        await this.compareLately(sweep, signal);
        if (rows !== undefined) {
          const found: Awaited<ReturnType<RowSweep['owners']>> = await sweep.owners(AT_ONCE, rows);
          await this.compare(sweep, found.streams, seen, signal);
          rows = found.next;
        }
        if (!more) continue;
        const slice = await this.slice(after, signal);
        await this.compare(sweep, slice.streams, seen, signal);
        [after, more] = [slice.upTo, !slice.ended];
      }
    } finally {
      await sweep.close();
    }
  }

  private async compareLately(sweep: RowSweep, signal: AbortSignal): Promise<void> {
    const { streams, upTo, ended } = await this.slice(this.lately, signal);
    await this.compare(sweep, streams.slice(0, AT_ONCE), new Set(), signal);
    this.lately = ended ? upTo : await this.options.log.head(); // what is too much waits for the round
  }

  private async compare(
    sweep: RowSweep,
    streams: readonly string[],
    seen: Set<string>,
    signal: AbortSignal,
  ): Promise<void> {
    const fresh = streams.filter((stream) => sweep.concerns(stream) && !seen.has(stream));
    if (seen.size > REMEMBERED) seen.clear();
    for (const stream of fresh) seen.add(stream);
    for (let from = 0; from < fresh.length && !signal.aborted; from += AT_ONCE) {
      const some = fresh.slice(from, from + AT_ONCE);
      this.options.onSwept(await sweep.compare(some));
      await this.pay(some.length, signal);
    }
  }

  /** The streams of the next events of the log. */
  private async slice(
    after: Position | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly streams: readonly string[]; readonly upTo: Position | undefined; readonly ended: boolean }> {
    const stop = new AbortController();
    const streams = new Set<string>();
    let [upTo, count, ended] = [after, 0, false];
    const messages = this.options.log.subscribe(after, AbortSignal.any([signal, stop.signal]), { without: UNWANTED });
    try {
      for await (const message of messages) {
        ended = message.kind === 'caught-up';
        if (ended) break;
        if (message.kind !== 'event') continue;
        streams.add(message.event.stream);
        upTo = message.event.position;
        count += 1;
        if (count === SLICE) break;
      }
    } finally {
      stop.abort();
    }
    await this.pay(count, signal);
    return { streams: [...streams], upTo, ended: ended || signal.aborted };
  }

  private async pay(events: number, signal: AbortSignal): Promise<void> {
    const { timer, now, eventsPerSecond } = this.options;
    this.paidUntil = Math.max(this.paidUntil, now()) + ((events + 1) * 1_000) / eventsPerSecond;
    const wait = this.paidUntil - now();
    if (wait > 0 && !signal.aborted) await timer.sleep(wait, signal);
  }
}
