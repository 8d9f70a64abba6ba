import type { DomainError } from '@cairn/domain';
import type { EventStore, Position, RecordedEvent } from '@cairn/event-store';

import type { Log } from '../log';
import { LOG_PATIENCE_MS, unavailable } from './log-patience';
import type { Clock } from './ports';

/**
 * How long a proof counts, by a clock that is never set. What this process itself wrote counts at once, and what another
 * controller wrote as soon as it is read from the log: this is the longest that it can take, whatever stands still.
 */
const TRUST_MS = 1_000;
const RETRY_MS = 100;

export interface LogTailPorts {
  readonly store: Pick<EventStore, 'head' | 'subscribe'>;
  /** Whose states are to be kept current. */
  readonly cache: {
    /** Takes an event over. */
    observe(event: RecordedEvent): void;
    /** What was read before may lack events that are not going to be observed. */
    doubt(): void;
  };
  readonly clock: Pick<Clock, 'sleep'>;
  readonly log: Log;
  /** Milliseconds since any moment, by a clock that is never set. */
  readonly elapsed?: () => number;
}

const cannotTell = (): DomainError => unavailable('log.unavailable');

/**
 * Proves that the states which a process holds are those of the log. It follows the end of the log and hands over each
 * event; to prove that nothing is missing it asks the store where the end is, at most once a second for all who want to
 * know, and waits until it has come that far.
 */
export class LogTail {
  private at: Position | undefined;
  private provenAt = -Infinity;
  private asking: Promise<void> | undefined;
  private waiting: { readonly position: Position; readonly resolve: () => void }[] = [];
  private readonly elapsed: () => number;

  constructor(private readonly ports: LogTailPorts) {
    this.elapsed = ports.elapsed ?? ((): number => performance.now());
  }

  /** Follows until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { store, cache, clock, log } = this.ports;
    const running = (): boolean => !signal.aborted;
    let away = false;
    const follows = (): void => {
      if (away) log.info('the end of the log is followed again');
      away = false;
    };
    while (running()) {
      try {
        if (this.at === undefined) {
          const head = await store.head();
          cache.doubt();
          this.reach(head);
        }
        for await (const message of store.subscribe(this.at === 0n ? undefined : this.at, signal)) {
          follows();
          if (message.kind === 'caught-up') continue;
          // of what is not Cairn's only the place is told, which may be the end of the log
          if (message.kind === 'event') cache.observe(message.event);
          this.reach(message.kind === 'event' ? message.event.position : message.position);
        }
      } catch (error) {
        if (running() && !away) log.warn('the end of the log cannot be followed, tried again until it can', { error });
        away = true;
      }
      if (running()) await clock.sleep(RETRY_MS, signal);
    }
  }

  /**
   * Ends when the states hold everything that was in the log a second ago; undefined when that is known.
   * @throws DomainError `unavailable` when it cannot be found out
   */
  proven(): Promise<void> | undefined {
    const age = this.elapsed() - this.provenAt;
    if (age <= TRUST_MS / 2) return undefined;
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    if (age > TRUST_MS) return this.asking;
    this.asking.catch(() => undefined); // in advance: who comes later than a second after the proof is told
    return undefined;
  }

  private async ask(): Promise<void> {
    const { clock } = this.ports;
    const end = this.elapsed() + LOG_PATIENCE_MS;
    const over = new AbortController();
    try {
      const late = clock.sleep(LOG_PATIENCE_MS, over.signal).then(() => Promise.reject(cannotTell()));
      late.catch(() => undefined);
      await Promise.race([this.prove(end), late]);
    } finally {
      over.abort('found');
    }
  }

  private async prove(end: number): Promise<void> {
    for (;;) {
      const asked = this.elapsed();
      const { at } = this;
      const head = await this.ports.store.head().catch(() => undefined);
      // behind what was read from it: an older copy of the log was restored
      if (head !== undefined && at !== undefined && head < at) throw cannotTell();
      if (head !== undefined) {
        await this.reached(head);
        this.provenAt = Math.max(this.provenAt, asked);
        return;
      }
      if (this.elapsed() + RETRY_MS > end) throw cannotTell();
      await this.ports.clock.sleep(RETRY_MS);
    }
  }

  private reach(position: Position): void {
    this.at = position;
    const { waiting } = this;
    if (waiting.length === 0) return;
    this.waiting = waiting.filter((one) => one.position > position);
    for (const one of waiting) if (one.position <= position) one.resolve();
  }

  private reached(position: Position): Promise<void> {
    if (this.at !== undefined && this.at >= position) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push({ position, resolve }));
  }
}
