import { setImmediate } from 'node:timers/promises';
import type { EventStore, LogMessage, Position } from '@cairn/event-store';
import { CheckpointMoved, UnknownEvent } from '../errors';
import { UNWANTED } from '../projections';
import type { RunnerLog, Timer } from '../read-model';
import type { GroupRows } from './group-writer';
import { GroupWriters } from './group-writers';
import { Inbox } from './inbox';
import { Waiters } from './waiters';

export interface RunnerOptions {
  readonly log: Pick<EventStore, 'head' | 'history' | 'subscribe'>;
  /** The read models that it keeps, each group in a store of its own. */
  readonly groups: readonly GroupRows[];
  readonly timer: Timer;
  readonly logger: RunnerLog;
  /** Events in one transaction, at most. */
  readonly batchSize?: number;
  /** Called after each batch is committed, with the position that rows now show. */
  readonly onApplied?: (position: Position) => void;
  /** Called when the runner reaches the head that it saw at start, also after a rebuild, and before `isReady` says so. */
  readonly onCaughtUp?: () => Promise<void>;
  /**
   * Called when the log was asked which history it is (null: it does not say), before anything of it is applied.
   * @param startedOver whether rows were thrown away and are built again
   */
  readonly onHistory?: (history: string | null, startedOver: boolean) => Promise<void>;
  /** Told of each error that interrupts it, before it goes on. */
  readonly onError?: (error: unknown) => void;
  /** Told when log and database answer again after such an error. */
  readonly onResumed?: () => void;
  /** Lets what has arrived be taken in before a batch is cut; the simulation has its own. */
  readonly breathe?: () => Promise<unknown>;
}

const BATCH_SIZE = 4_000;
const BACK_OFF_MS = { first: 100, last: 5_000 };

/** Follows the log and keeps the rows of groups: one subscription, one transaction a batch and group. */
export class ReadModelRunner {
  private writers: GroupWriters;
  private readonly waiters: Waiters;
  private readonly batchSize: number;
  private readonly stopping = new AbortController();
  /** Ends the subscription when it is to feed further groups. */
  private joining = new AbortController();
  private stopped: Promise<void> | undefined;
  private headAtStart: Position | undefined;
  private shown: Position | undefined;
  private caughtUp = false;
  private broken: Error | undefined;
  private interrupted = false;
  private standing = false;

  constructor(private readonly options: RunnerOptions) {
    this.writers = new GroupWriters(options.groups, options.logger);
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

  /**
   * Keeps further groups too, which have caught up on a subscription that has ended: from now on one feeds them all.
   * @param shown what the rows of those groups show
   */
  join(groups: readonly GroupRows[], shown: Position | undefined): void {
    this.writers = new GroupWriters([...this.writers.groups, ...groups], this.options.logger);
    if (this.shown !== undefined && this.shown > (shown ?? 0n)) this.shown = shown;
    this.joining.abort();
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
        if (this.stopping.signal.aborted) return;
        if (error instanceof UnknownEvent) {
          this.giveUp(error);
          return;
        }
        this.options.onError?.(error);
        const details = { error: String(error) };
        // of controllers that build the same generation at once, one writes and the others begin behind it
        if (error instanceof CheckpointMoved) logger.info('read model: another controller was first', details);
        else {
          this.interrupted = true;
          logger.error('read model: interrupted, going on from its checkpoint', details);
        }
        wait = this.shown === before ? Math.min(wait * 2, BACK_OFF_MS.last) : BACK_OFF_MS.first;
        if (this.interrupted && wait === BACK_OFF_MS.last) this.standStill(error);
        await timer.sleep(wait, signal);
      }
    }
  }

  /** It has been tried for some seconds: the operator hears of it, once. */
  private standStill(error: unknown): void {
    if (!this.standing) this.options.logger.notice?.(`rows stand still: ${String(error)}`);
    this.standing = true;
  }

  private giveUp(error: UnknownEvent): void {
    const { stream, type, position } = error;
    this.broken = error;
    this.options.logger.error('read model: stopped', { stream, type, position: String(position) });
    this.waiters.letGo();
  }

  /** One subscription's life. Throws when something goes wrong, returns when told to stop or when groups have joined. */
  private async follow(stop: AbortSignal): Promise<void> {
    this.joining = new AbortController();
    const { writers } = this;
    const over = AbortSignal.any([stop, this.joining.signal]);
    const after = await this.begin(writers, stop);
    if (this.interrupted) this.options.onResumed?.();
    this.interrupted = false;
    const ended = new AbortController();
    const inbox = new Inbox<LogMessage>(4 * this.batchSize);
    const pumped = this.pump(after, inbox, AbortSignal.any([over, ended.signal]));
    try {
      while (!over.aborted && (await inbox.some())) {
        await (this.options.breathe ?? setImmediate)();
        const { upTo, caughtUp, unknown } = await writers.handle(inbox.take(this.batchSize), this.batchSize);
        await this.show(writers, upTo, caughtUp);
        if (unknown !== undefined) throw unknown;
      }
    } finally {
      ended.abort();
      inbox.end();
      await pumped;
    }
    await writers.settle();
  }

  private async pump(after: Position | undefined, inbox: Inbox<LogMessage>, signal: AbortSignal): Promise<void> {
    try {
      const reached = await this.catchUp(after, inbox, signal);
      if (reached !== undefined) await this.pass(this.options.log.subscribe(reached.position, signal), inbox);
      inbox.end(signal.aborted ? undefined : new Error('the subscription ended'));
    } catch (error) {
      inbox.end(signal.aborted ? undefined : error);
    }
  }

  /**
   * Reads the log to its end without what no row shows; undefined when the subscription ended before. After that nothing is
   * left out: those who wait for a position must hear of it at once, also when no row shows what is there.
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

  /** After which position the log is to be read. */
  private async begin(writers: GroupWriters, signal: AbortSignal): Promise<Position | undefined> {
    const { after, head, history, startedOver } = await writers.begin(this.options.log, this.options.timer, signal);
    if (startedOver) [this.caughtUp, this.shown] = [false, undefined];
    await this.options.onHistory?.(history, startedOver);
    this.headAtStart = startedOver ? head : (this.headAtStart ?? head);
    await this.show(writers, after ?? 0n, false);
    return after;
  }

  /** Tells everyone that the rows now show the log up to here. */
  private async show(writers: GroupWriters, position: Position, toldCaughtUp: boolean): Promise<void> {
    const moved = position > (this.shown ?? 0n);
    const reached = (moved ? position : (this.shown ?? 0n)) >= (this.headAtStart ?? 0n);
    if (!this.caughtUp && (toldCaughtUp || reached)) {
      await writers.markBuilt();
      await this.options.onCaughtUp?.();
      this.caughtUp = true;
    }
    if (!moved) return;
    if (this.standing) this.options.logger.notice?.('rows change again');
    this.standing = false;
    this.shown = position; // not before: who waited for it may read at once
    this.waiters.reached(position);
    this.options.onApplied?.(position);
  }
}
