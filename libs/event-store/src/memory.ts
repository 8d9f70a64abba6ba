import { jsonText } from '@cairn/json';

import {
  type AppendResult,
  type EventStore,
  type ExpectedRevision,
  type LogMessage,
  type NewEvent,
  type Position,
  type RecordedEvent,
  type Unwanted,
  WrongRevision,
} from './port';

/** Positions grow by more than one, so that nobody learns to compute with them. */
const STRIDE = 64n;

/** The log in memory, for unit tests and the simulation. Same rules as the real store. */
export class MemoryEventStore implements EventStore {
  private readonly log: RecordedEvent[] = [];
  private readonly streams = new Map<string, RecordedEvent[]>();
  private readonly limits = new Map<string, number>();
  private wakers: (() => void)[] = [];
  /** What {@link history} says. */
  named: string | undefined;

  /** @param now gives the store's own clock, ISO 8601. */
  constructor(private readonly now: () => string = () => new Date(0).toISOString()) {}

  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    return new Promise((resolve) => {
      resolve(this.appendNow(stream, expected, events));
    });
  }

  private appendNow(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): AppendResult {
    const existing = this.streams.get(stream) ?? [];
    const next = expected === 'no-stream' ? 0 : Number(expected) + 1;
    if (next < existing.length && events.length > 0 && events.every((e, i) => existing[next + i]?.id === e.id)) {
      const last = existing[next + events.length - 1] as RecordedEvent;
      return { revision: last.revision, position: last.position };
    }
    if (next !== existing.length) {
      throw new WrongRevision(stream, expected, existing.length === 0 ? 'no-stream' : BigInt(existing.length - 1));
    }
    for (const event of events) {
      const recorded: RecordedEvent = {
        ...(JSON.parse(jsonText(event)) as NewEvent), // as the wire would carry it: what JSON cannot hold is lost
        stream,
        revision: BigInt(existing.length),
        position: BigInt(this.log.length + 1) * STRIDE,
        created: this.now(),
      };
      existing.push(recorded);
      this.log.push(recorded);
    }
    this.streams.set(stream, existing);
    const wakers = this.wakers;
    this.wakers = [];
    for (const wake of wakers) wake();
    return { revision: BigInt(existing.length - 1), position: existing.at(-1)?.position ?? 0n };
  }

  async *read(stream: string, from = 0n): AsyncIterable<RecordedEvent> {
    const events = this.streams.get(stream) ?? [];
    const first = Math.max(Number(from), events.length - (this.limits.get(stream) ?? events.length));
    for (let i = first; i < events.length; i += 1) yield await Promise.resolve(events[i] as RecordedEvent);
  }

  last(stream: string): Promise<RecordedEvent | undefined> {
    return Promise.resolve(this.streams.get(stream)?.at(-1));
  }

  head(): Promise<Position> {
    return Promise.resolve(this.log.at(-1)?.position ?? 0n);
  }

  history(): Promise<string | undefined> {
    return Promise.resolve(this.named);
  }

  async *subscribe(
    after: Position | undefined,
    signal: AbortSignal,
    { without = [] }: Unwanted = {},
  ): AsyncIterable<LogMessage> {
    const wanted = ({ type }: RecordedEvent): boolean =>
      !without.some((each) => (each.endsWith('.') ? type.startsWith(each) : type === each));
    const running = (): boolean => !signal.aborted;
    let next = after === undefined ? 0 : Number(after / STRIDE);
    while (running()) {
      for (; next < this.log.length && running(); next += 1) {
        const event = this.log[next] as RecordedEvent;
        if (wanted(event)) yield { kind: 'event', event };
        else yield { kind: 'checkpoint', position: event.position };
      }
      yield { kind: 'caught-up' };
      if (next >= this.log.length && running()) await this.moreOrAborted(signal);
    }
  }

  private moreOrAborted(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.wakers.push(wake);
      signal.addEventListener('abort', wake);
    });
  }

  keepLast(stream: string, count: number): Promise<void> {
    this.limits.set(stream, count);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** All events in order, for assertions. */
  all(): readonly RecordedEvent[] {
    return this.log;
  }
}
