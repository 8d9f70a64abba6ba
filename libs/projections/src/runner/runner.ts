import { setImmediate } from 'node:timers/promises';
import type { EventStore, LogMessage, Position } from '@cairn/event-store';
import { CheckpointMoved, UnknownEvent } from '../errors';
import type { AnyProjection } from '../projection';
import { projections, UNWANTED } from '../projections';
import type { RunnerLog, Timer } from '../read-model';
import { applyBatch } from './batch';
import { Folder, type Task } from './folder';
import { Inbox } from './inbox';
import { positionOf, positionText } from './position';
import { resume } from './resume';
import type { RowStore } from './row-store';
import type { ParkedStreamRow } from './rows';
import { Waiters } from './waiters';

export interface RunnerOptions {
  readonly log: Pick<EventStore, 'head' | 'history' | 'subscribe'>;
  readonly store: RowStore;
  readonly timer: Timer;
  readonly logger: RunnerLog;
  /** All of Cairn's, unless told otherwise. */
  readonly projections?: readonly AnyProjection[];
  /** Events in one transaction, at most. */
  readonly batchSize?: number;
  /** Called after each batch is committed, with the position that rows now show. */
  readonly onApplied?: (position: Position) => void;
  /** Called once, when the head that was seen at start is reached and before `isReady` says so. */
  readonly onCaughtUp?: () => Promise<void>;
  /** Called when the log was asked which history it is, before anything of it is applied; null: it does not say. */
  readonly onHistory?: (history: string | null) => void;
  /** Lets what has arrived be taken in before a batch is cut; the simulation has its own. */
  readonly breathe?: () => Promise<unknown>;
}

const BATCH_SIZE = 4_000;
const BACK_OFF_MS = { first: 100, last: 5_000 };

/** Where one subscription stands. */
interface Cursor {
  /** The checkpoint as it is stored. */
  stored: string | null;
  parked: ReadonlySet<string>;
}

/** A batch of messages, looked through. */
interface Sorted {
  readonly tasks: readonly Task[];
  readonly events: number;
  /** The last position in it; 0 when it has none. */
  readonly upTo: Position;
  /** That of its last event: only this is stored, because what the store says between events may lie beyond its head. */
  readonly lastEvent: Position;
  readonly caughtUp: boolean;
  readonly unknown: UnknownEvent | undefined;
}

/** Follows the log and keeps the rows of one generation: one subscription, one transaction a batch (RUNTIME.md). */
export class ReadModelRunner {
  private readonly folder: Folder;
  private readonly waiters: Waiters;
  private readonly batchSize: number;
  private readonly stopping = new AbortController();
  private stopped: Promise<void> | undefined;
  private headAtStart: Position | undefined;
  private shown: Position | undefined;
  private caughtUp = false;
  private broken: Error | undefined;

  constructor(private readonly options: RunnerOptions) {
    this.folder = new Folder(options.projections ?? projections);
    this.waiters = new Waiters(options.timer);
    this.batchSize = options.batchSize ?? BATCH_SIZE;
  }

  /** Everything in the log up to here is in the rows; undefined before the first event. */
  get position(): Position | undefined {
    return this.shown;
  }

  /** Why the runner gave up; undefined while it runs. */
  get failure(): Error | undefined {
    return this.broken;
  }

  /** True once the head that was seen at start is in the rows, until the runner gives up. */
  isReady(): boolean {
    return this.caughtUp && this.broken === undefined;
  }

  waitFor(position: Position, timeoutMs: number): Promise<boolean> {
    if (this.shown !== undefined && this.shown >= position) return Promise.resolve(true);
    if (this.broken !== undefined || this.stopping.signal.aborted) return Promise.resolve(false);
    return this.waiters.wait(position, timeoutMs);
  }

  start(): void {
    this.stopped ??= this.run(this.stopping.signal);
  }

  /** Resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.stopped;
    this.waiters.letGo();
  }

  private async run(signal: AbortSignal): Promise<void> {
    const { timer, logger } = this.options;
    let wait = BACK_OFF_MS.first;
    while (!signal.aborted) {
      const before = this.shown;
      try {
        await this.follow(signal);
      } catch (error) {
        if (error instanceof UnknownEvent) {
          this.giveUp(error);
          return;
        }
        const details = { error: String(error) };
        // of controllers that build the same generation at once, one writes and the others begin behind it
        if (error instanceof CheckpointMoved) logger.info('read model: another controller was first', details);
        else logger.error('read model: interrupted, going on from its checkpoint', details);
        wait = this.shown === before ? Math.min(wait * 2, BACK_OFF_MS.last) : BACK_OFF_MS.first;
        await timer.sleep(wait, signal);
      }
    }
  }

  private giveUp(error: UnknownEvent): void {
    const { stream, type, position } = error;
    this.broken = error;
    this.options.logger.error('read model: stopped', { stream, type, position: String(position) });
    this.waiters.letGo();
  }

  /** One subscription's life. Throws when something goes wrong, returns when told to stop. */
  private async follow(stop: AbortSignal): Promise<void> {
    const cursor = await this.resume();
    const ended = new AbortController();
    const inbox = new Inbox<LogMessage>(4 * this.batchSize);
    const pumped = this.pump(cursor, inbox, AbortSignal.any([stop, ended.signal]));
    try {
      while (!stop.aborted && (await inbox.some())) {
        await (this.options.breathe ?? setImmediate)();
        await this.handle(inbox.take(this.batchSize), cursor);
      }
    } finally {
      ended.abort();
      inbox.end();
      await pumped;
    }
  }

  private async pump({ stored }: Cursor, inbox: Inbox<LogMessage>, signal: AbortSignal): Promise<void> {
    try {
      const after = stored === null ? undefined : positionOf(stored);
      const reached = await this.catchUp(after, inbox, signal);
      if (reached !== undefined) await this.pass(this.options.log.subscribe(reached.position, signal), inbox);
      inbox.end(signal.aborted ? undefined : new Error('the subscription ended'));
    } catch (error) {
      inbox.end(signal.aborted ? undefined : error);
    }
  }

  /**
   * Reads the log to its end without what no row shows; undefined when the subscription ended before. After that nothing is left out: those who wait for a position
   * must hear of it at once, also when no row shows what is there.
   */
  private async catchUp(
    after: Position | undefined,
    inbox: Inbox<LogMessage>,
    signal: AbortSignal,
  ): Promise<{ readonly position: Position | undefined } | undefined> {
    let position = after;
    const messages = this.options.log.subscribe(after, signal, { without: UNWANTED });
    const caughtUp = await this.pass(messages, inbox, (message) => {
      if (message.kind === 'caught-up') return true;
      position = message.kind === 'event' ? message.event.position : message.position;
      return false;
    });
    return caughtUp ? { position } : undefined;
  }

  /** Hands messages on until the last one that is wanted; false when there were no more before that. */
  private async pass(
    messages: AsyncIterable<LogMessage>,
    inbox: Inbox<LogMessage>,
    isLast: (message: LogMessage) => boolean = () => false,
  ): Promise<boolean> {
    for await (const message of messages) {
      const room = inbox.put(message);
      if (room !== undefined) await room;
      if (isLast(message)) return true;
    }
    return false;
  }

  private async resume(): Promise<Cursor> {
    const { stored, parked, head, history, anew } = await resume(this.options);
    if (anew) [this.caughtUp, this.shown] = [false, undefined];
    this.options.onHistory?.(history);
    this.headAtStart = anew ? head : (this.headAtStart ?? head);
    await this.show(stored === null ? 0n : positionOf(stored), false);
    return { stored, parked };
  }

  private async handle(messages: readonly LogMessage[], cursor: Cursor): Promise<void> {
    const { tasks, events, upTo, lastEvent, caughtUp, unknown } = this.sorted(messages);
    // events that no row shows move the stored checkpoint only now and then: reading them again costs next to nothing
    if (tasks.length > 0 || events >= this.batchSize) await this.apply(tasks, lastEvent, cursor);
    await this.show(upTo, caughtUp);
    if (unknown !== undefined) throw unknown;
  }

  /** What there is to do in a batch, up to the first event that is unknown. */
  private sorted(messages: readonly LogMessage[]): Sorted {
    const tasks: Task[] = [];
    let [events, upTo, lastEvent, caughtUp] = [0, 0n, 0n, false];
    for (const message of messages) {
      if (message.kind === 'caught-up') caughtUp = true;
      else if (message.kind === 'checkpoint') upTo = message.position;
      else {
        try {
          tasks.push(...this.folder.tasks(message.event));
        } catch (error) {
          if (!(error instanceof UnknownEvent)) throw error;
          return { tasks, events, upTo, lastEvent, caughtUp, unknown: error };
        }
        events += 1;
        upTo = lastEvent = message.event.position;
      }
    }
    return { tasks, events, upTo, lastEvent, caughtUp, unknown: undefined };
  }

  /**
   * Applies what no controller has applied yet. Where several share the rows, the checkpoint's compare-and-set lets one
   * of them apply an event; the others come back with less to do.
   */
  private async apply(tasks: readonly Task[], upTo: Position, cursor: Cursor): Promise<void> {
    const { store, logger } = this.options;
    const to = positionText(upTo);
    for (let left = tasks; cursor.stored === null || cursor.stored < to;) {
      const from = cursor.stored;
      try {
        const parked = await this.advance(from, to, left, cursor.parked);
        cursor.stored = to;
        cursor.parked = new Set([...cursor.parked, ...parked.map(({ id }) => id)]);
        for (const { id, ...why } of parked) logger.error('read model: a stream is parked', { stream: id, ...why });
      } catch (error) {
        if (!(error instanceof CheckpointMoved)) throw error;
        const now = await store.checkpoint();
        // not further on: somebody has begun anew
        if (now.position === null || now.position <= (from ?? '')) throw error;
        const { position } = now;
        [cursor.stored, cursor.parked] = [position, now.parked];
        left = left.filter(({ event }) => event.position > position);
      }
    }
  }

  private async advance(
    from: string | null,
    to: string,
    tasks: readonly Task[],
    parked: ReadonlySet<string>,
  ): Promise<readonly ParkedStreamRow[]> {
    let stopped: readonly ParkedStreamRow[] = [];
    await this.options.store.advance(from, to, async (rows) => {
      stopped = await applyBatch(tasks, rows, parked);
    });
    return stopped;
  }

  /** Tells everyone that the rows now show the log up to here. */
  private async show(position: Position, toldCaughtUp: boolean): Promise<void> {
    const moved = position > (this.shown ?? 0n);
    const reached = (moved ? position : (this.shown ?? 0n)) >= (this.headAtStart ?? 0n);
    if (!this.caughtUp && (toldCaughtUp || reached)) {
      await this.options.store.markBuilt();
      await this.options.onCaughtUp?.();
      this.caughtUp = true;
    }
    if (!moved) return;
    this.shown = position; // not before: who waited for it may read at once
    this.waiters.reached(position);
    this.options.onApplied?.(position);
  }
}
