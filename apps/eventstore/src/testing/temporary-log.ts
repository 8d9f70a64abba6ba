import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppendCommand, ExpectedRevision, WriteCommand, WriteOutcome } from '../log/commands';
import type { ProposedEvent, StoredEvent } from '../log/events';
import { EventLog, type EventLogOptions } from '../log/event-log';
import { freshId } from '../log/group-writer';

/** An event to append; JSON unless told otherwise. */
export function proposed(body: unknown = {}, overrides: Partial<ProposedEvent> = {}): ProposedEvent {
  return {
    id: freshId(),
    type: 'thing.happened.v1',
    json: true,
    data: Buffer.from(JSON.stringify(body)),
    metadata: Buffer.alloc(0),
    ...overrides,
  };
}

/** An append without a deadline. */
export function append(stream: string, expected: ExpectedRevision, ...events: readonly ProposedEvent[]): AppendCommand {
  return { kind: 'append', stream, expected, events, deadlineMs: Infinity };
}

/** A log in a temporary directory, to be opened, closed and opened again. */
export class TemporaryLog {
  readonly directory = mkdtempSync(join(tmpdir(), 'cairn-log-'));
  private opened: EventLog | undefined;

  open(options: Partial<EventLogOptions> = {}): EventLog {
    this.opened = EventLog.open({ directory: this.directory, ...options });
    return this.opened;
  }

  /** Closes what is open and opens it again. */
  reopen(): EventLog {
    this.opened?.close();
    return this.open();
  }

  remove(): void {
    this.opened?.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Queues a write and waits for its outcome. */
export function written(log: EventLog, command: WriteCommand): Promise<WriteOutcome> {
  return new Promise((resolve) => {
    log.write(command, resolve);
  });
}

/** All events that storage holds of a stream, also those that retention hides. */
export function storedEvents(log: EventLog, stream: string): readonly StoredEvent[] {
  const { key } = log.head(stream);
  if (key === undefined) return [];
  const range = { sid: key.sid, first: 0, last: Number.MAX_SAFE_INTEGER, createdSince: 0 };
  return log.reader.streamPage(range, false);
}
