import type { EventStore, Position, RecordedEvent } from '@cairn/event-store';

import type { Log } from '../log';
import type { Clock } from './ports';
import { PositionTracker } from './position-tracker';

/** How many events may be in work at once; the reader waits when there are more. */
const MAX_PENDING = 1_024;
/** How often to save the checkpoint; rarely while nothing happens. */
const SAVE_EVERY_MS = { busy: 250, idle: 2_000 };

export interface LogConsumer {
  /** Loads the state of this history of the log and returns the position to read from. */
  start(history: string | null): Promise<Position | undefined>;
  /**
   * Called for every event in order. The promise resolves when the work on the event has ended (undefined: at once).
   */
  handle(event: RecordedEvent): Promise<void> | undefined;
  /** All work up to this position has ended. Returns false if there was nothing new to save. */
  save(checkpoint: Position | undefined): Promise<boolean>;
  /** The log is read again, after it could not be. */
  resumed(): void;
}

/** Somebody restored an older copy of the log meanwhile: what this process remembers of the log is wrong. */
export class OtherHistory extends Error {
  constructor(before: string | null, now: string | null) {
    super(`the log is another history than before: ${now ?? 'unnamed'} instead of ${before ?? 'unnamed'}`);
  }
}

/** The one ordered reader of the log: reads events, hands them over, and saves the checkpoint. */
export class LogReader {
  private caughtUp = false;

  constructor(
    private readonly store: EventStore,
    private readonly consumer: LogConsumer,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Whether the end of the log was reached since the start. */
  get live(): boolean {
    return this.caughtUp;
  }

  /**
   * Runs until the signal aborts.
   * @throws OtherHistory when the process must start over
   */
  async run(signal: AbortSignal): Promise<void> {
    const tracker = new PositionTracker(MAX_PENDING);
    const running = (): boolean => !signal.aborted;
    const history = await this.firstHistory(signal);
    if (history === undefined) return;
    let read = await this.consumer.start(history);
    const saving = this.saveRegularly(tracker, signal);
    let away = false;
    for (let wait = 100; running(); wait = Math.min(wait * 2, 5_000)) {
      try {
        const now = (await this.store.history()) ?? null;
        if (now !== history) throw new OtherHistory(history, now);
        for await (const message of this.store.subscribe(read, signal)) {
          if (away) this.consumer.resumed();
          away = false;
          if (message.kind === 'caught-up') this.caughtUp = true;
          if (message.kind !== 'event') continue;
          tracker.begin(message.event.position, this.consumer.handle(message.event));
          read = message.event.position;
          wait = 100; // not earlier: an event whose handling throws must not reset the back-off
          await tracker.room();
        }
      } catch (error) {
        if (error instanceof OtherHistory) throw error;
        if (running()) this.log.warn('the log cannot be read, to be tried again', { error });
        away = true;
      }
      if (running()) await this.clock.sleep(wait, signal);
    }
    await saving;
  }

  /** The id of the log's history; undefined if the signal aborts first. */
  private async firstHistory(signal: AbortSignal): Promise<string | null | undefined> {
    for (let wait = 100; !signal.aborted; wait = Math.min(wait * 2, 5_000)) {
      try {
        return (await this.store.history()) ?? null;
      } catch (error) {
        this.log.warn('the log cannot be read, to be tried again', { error });
      }
      await this.clock.sleep(wait, signal);
    }
    return undefined;
  }

  private async saveRegularly(tracker: PositionTracker, signal: AbortSignal): Promise<void> {
    const { busy, idle } = SAVE_EVERY_MS;
    let wait = busy;
    while (!signal.aborted) {
      await this.clock.sleep(wait, signal);
      try {
        wait = (await this.consumer.save(tracker.checkpoint)) ? busy : Math.min(2 * wait, idle);
      } catch (error) {
        wait = idle;
        this.log.warn('the checkpoint could not be saved', { error });
      }
    }
  }
}
