import { type EventStore, type NewEvent, OutcomeUnknown, type RecordedEvent, WrongRevision } from '@cairn/event-store';
import { jsonText } from '@cairn/json';
import { setTimeout as sleep } from 'node:timers/promises';

/** Events of one append, and bytes of them: below the limits of every server. */
const APPEND = { events: 500, bytes: 512 * 1024 };
/** What is on its way at a time; all of it is answered before the next is sent. */
const WINDOW = { appends: 64, bytes: 4 * 1024 * 1024 };
/** How long a server may be away. */
const PATIENCE_MS = 120_000;
const RETRY_MS = 500;

interface Append {
  readonly stream: string;
  readonly before: bigint;
  readonly events: NewEvent[];
}

/**
 * Writes recorded events into another log, in their order, with their ids and revisions. Appends are sent one behind the
 * other without waiting, so that a writer that is killed has written a beginning. Said twice, they are written once.
 */
export class LogWriter {
  private window: Append[] = [];
  private bytes = { append: 0, window: 0 };
  written = 0;

  constructor(private readonly target: Pick<EventStore, 'append'>) {}

  async take({ stream, revision, id, type, data, metadata }: RecordedEvent): Promise<void> {
    const bytes = jsonText(data).length + jsonText(metadata).length;
    const last = this.window.at(-1);
    const goesOn = last?.stream === stream && last.before + BigInt(last.events.length) === revision - 1n;
    const fits = (last?.events.length ?? 0) < APPEND.events && this.bytes.append + bytes <= APPEND.bytes;
    if (goesOn && fits) {
      last.events.push({ id, type, data, metadata });
      this.bytes.append += bytes;
    } else {
      if (this.window.length >= WINDOW.appends || this.bytes.window > WINDOW.bytes) await this.flush();
      this.window.push({ stream, before: revision - 1n, events: [{ id, type, data, metadata }] });
      this.bytes.append = bytes;
    }
    this.bytes.window += bytes;
  }

  /** @throws Error when somebody else writes to the same streams, or the server is away for too long */
  async flush(): Promise<void> {
    const { window } = this;
    [this.window, this.bytes] = [[], { append: 0, window: 0 }];
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const settled = await Promise.allSettled(window.map((append) => this.send(append)));
      const failure = settled.find((one) => one.status === 'rejected')?.reason as unknown;
      if (failure === undefined) break;
      if (failure instanceof WrongRevision)
        throw new Error(`somebody else writes to the log meanwhile: ${failure.message}`, { cause: failure });
      if (!(failure instanceof OutcomeUnknown) || performance.now() > end) throw failure as Error;
      await sleep(RETRY_MS);
    }
    for (const { events } of window) this.written += events.length;
  }

  private send({ stream, before, events }: Append): Promise<unknown> {
    return this.target.append(stream, before < 0n ? 'no-stream' : before, events);
  }
}
