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
} from '@cairn/event-store';

/** What becomes of an append: nothing special, never arrives, or arrives without an answer. */
export type Fate = 'well' | 'lost' | 'unanswered';

/** The log in memory, with what a test wants to go wrong and to know. */
export class ScriptedStore implements EventStore {
  /** Of the next appends, in order; then all goes well. */
  fates: Fate[] = [];
  /** Done before each append is looked at. */
  beforeAppend: (stream: string) => Promise<void> = () => Promise.resolve();
  /** Appends that came, whatever became of them. */
  appends = 0;
  /** Events that were read from streams. */
  eventsRead = 0;

  constructor(readonly log = new MemoryEventStore()) {}

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    this.appends += 1;
    const fate = this.fates.shift() ?? 'well';
    await this.beforeAppend(stream);
    if (fate === 'lost') throw new OutcomeUnknown(stream);
    const appended = await this.log.append(stream, expected, events);
    if (fate === 'unanswered') throw new OutcomeUnknown(stream);
    return appended;
  }

  async *read(stream: string, from?: bigint): AsyncIterable<RecordedEvent> {
    for await (const event of this.log.read(stream, from)) {
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
