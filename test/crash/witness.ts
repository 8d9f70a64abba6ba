import { EventStoreDb, type Position, type RecordedEvent } from '@cairn/event-store';

import { VirtualTime } from '../sim/clock';
import { Auditor } from '../sim/invariants/auditor';
import { Trace } from '../sim/trace';

/**
 * Reads the log of a running cloud from its first event on, as nobody in particular, and audits it with the
 * simulation's rules. It folds the streams with `libs/domain`, so it knows what the log alone says.
 */
export class Witness {
  readonly trace = new Trace(new VirtualTime());
  readonly auditor = new Auditor(this.trace);
  /** Domain events seen so far. */
  events = 0;
  position: Position | undefined;
  /** Events of types that nobody wants to see, by type. */
  readonly seen = new Map<string, number>();
  private caughtUp = false;
  private readonly ending = new AbortController();
  private readonly store: EventStoreDb;
  private readonly following: Promise<void>;
  /** Called with each event the moment it is in the log. */
  onEvent: (event: RecordedEvent) => void = () => undefined;

  constructor(url: string) {
    this.store = EventStoreDb.connect(url);
    this.following = this.follow();
  }

  /** False while the store is away or its events have not all been read. */
  get isCurrent(): boolean {
    return this.caughtUp;
  }

  async close(): Promise<void> {
    this.ending.abort();
    await this.following;
    await this.store.close();
  }

  private async follow(): Promise<void> {
    while (!this.ending.signal.aborted) {
      try {
        for await (const message of this.store.subscribe(this.position, this.ending.signal)) {
          if (message.kind === 'caught-up') this.caughtUp = true;
          if (message.kind === 'event') this.take(message.event);
        }
      } catch (error) {
        this.trace.add('witness', `has lost the log: ${error instanceof Error ? error.message : String(error)}`);
      }
      this.caughtUp = false;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  private take(event: RecordedEvent): void {
    this.events += 1;
    this.position = event.position;
    this.seen.set(event.type, (this.seen.get(event.type) ?? 0) + 1);
    this.auditor.committed(event);
    this.onEvent(event);
  }
}
