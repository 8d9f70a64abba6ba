import {
  type AppendResult,
  type EventStore,
  type ExpectedRevision,
  type LogMessage,
  MemoryEventStore,
  type NewEvent,
  OutcomeUnknown,
  type Position,
  type RecordedEvent,
  StoreFull,
} from '@cairn/event-store';

/** The fate of an append: as usual, never arrives, arrives without an answer, or is refused because the log is full. */
export type Fate = 'well' | 'lost' | 'unanswered' | 'full';

/** A log in memory that fails and counts as a test wants. */
export class ScriptedStore implements EventStore {
  /** The fates of the next appends, in order; all later ones go well. */
  fates: Fate[] = [];
  /** Called before each append. */
  beforeAppend: (stream: string) => Promise<void> = () => Promise.resolve();
  /** Events at the end of each stream that reads do not show, as if from a node that is behind. */
  behind = 0;
  /** Appends that arrived, whatever their fate. */
  appends = 0;
  /** Events that were read from streams. */
  eventsRead = 0;

  constructor(readonly log = new MemoryEventStore()) {}

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    this.appends += 1;
    const fate = this.fates.shift() ?? 'well';
    await this.beforeAppend(stream);
    if (fate === 'lost') throw new OutcomeUnknown(stream);
    if (fate === 'full') throw new StoreFull(stream);
    const appended = await this.log.append(stream, expected, events);
    if (fate === 'unanswered') throw new OutcomeUnknown(stream);
    return appended;
  }

  async *read(stream: string, from?: bigint): AsyncIterable<RecordedEvent> {
    const shown = this.of(stream).length - this.behind;
    for await (const event of this.log.read(stream, from)) {
      if (event.revision >= shown) return;
      this.eventsRead += 1;
      yield event;
    }
  }

  last(stream: string): Promise<RecordedEvent | undefined> {
    return this.log.last(stream);
  }

  head(): Promise<Position> {
    return this.log.head();
  }

  history(): Promise<string | undefined> {
    return this.log.history();
  }

  subscribe(after: Position | undefined, signal: AbortSignal): AsyncIterable<LogMessage> {
    return this.log.subscribe(after, signal);
  }

  keepLast(stream: string, count: number): Promise<void> {
    return this.log.keepLast(stream, count);
  }

  close(): Promise<void> {
    return this.log.close();
  }

  /** Types of a stream's events. */
  types(stream: string): readonly string[] {
    return this.of(stream).map(({ type }) => type);
  }

  of(stream: string): readonly RecordedEvent[] {
    return this.log.all().filter((event) => event.stream === stream);
  }
}
