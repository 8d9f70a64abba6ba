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

import type { VirtualTime } from './clock';
import type { Step } from './effect-steps';
import { type Incarnation, never } from './processes';
import type { Random } from './random';

/** What may become of one append: it never arrives, its answer never comes, or it arrives after its sender gave up. */
export type AppendTrouble = 'lost' | 'unanswered' | 'late';

/** How long a client waits for an answer that does not come. */
const PATIENCE_MS = { least: 200, most: 5_000 };
const LATE_MS = { least: 1_000, most: 20_000 };

/** The log as a server: its events are durable, its wire is unreliable. */
export class LogServer {
  readonly log: MemoryEventStore;
  private readonly subscribers = new Set<{ readonly wake: () => void }>();
  private appendTroubles: { readonly kind: AppendTrouble; readonly type: string }[] = [];
  private brokenReads = 0;
  private awayUntil = 0;
  private drops = 0;

  /**
   * @param committed called with each event the moment it is in the log.
   * @param stepsOf says what appending events does for effects.
   */
  constructor(
    private readonly time: VirtualTime,
    private readonly random: Random,
    private readonly committed: (event: RecordedEvent) => void,
    readonly stepsOf: (events: readonly NewEvent[]) => readonly Step[],
  ) {
    this.log = new MemoryEventStore(() => time.iso);
  }

  connect(process: Incarnation): EventStore {
    return new Connection(this, process);
  }

  /** What becomes of the next appends whose first event's type begins so. */
  troubleAppends(kind: AppendTrouble, type: string, count: number): void {
    this.appendTroubles.push(...Array.from({ length: count }, () => ({ kind, type })));
  }

  breakReads(count: number): void {
    this.brokenReads += count;
  }

  /** Nobody gets an answer for that long, and every subscription ends. */
  goAway(ms: number): void {
    this.awayUntil = this.time.now + ms;
    this.dropSubscriptions();
  }

  dropSubscriptions(): void {
    this.drops += 1;
    this.wakeAll();
  }

  /** No more trouble. */
  behave(): void {
    this.appendTroubles = [];
    this.brokenReads = 0;
    this.awayUntil = 0;
  }

  get epoch(): number {
    return this.drops;
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    await this.beThere();
    const trouble = this.trouble(events[0]?.type ?? '');
    if (trouble === undefined) return this.write(stream, expected, events);
    if (trouble === 'unanswered') await this.write(stream, expected, events).catch(() => undefined);
    if (trouble === 'late') {
      this.time.after(this.random.int(LATE_MS.least, LATE_MS.most), () => {
        this.write(stream, expected, events).catch(() => undefined);
      });
    }
    return this.silence(`append to ${stream}: ${trouble}`);
  }

  /** The events of a stream; only some of them, and no end, when the connection breaks. */
  async read(
    stream: string,
    from: bigint,
  ): Promise<{ readonly events: readonly RecordedEvent[]; readonly all: boolean }> {
    await this.beThere();
    const events: RecordedEvent[] = [];
    for await (const event of this.log.read(stream, from)) events.push(event);
    if (this.brokenReads === 0) return { events, all: true };
    this.brokenReads -= 1;
    return { events: events.slice(0, this.random.int(0, events.length)), all: false };
  }

  async ask<T>(question: () => Promise<T>): Promise<T> {
    await this.beThere();
    return question();
  }

  /** Resolves when something was appended, or the subscriptions were dropped, since it was called; or on abort. */
  news(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const subscriber = {
        wake: (): void => {
          this.subscribers.delete(subscriber);
          signal.removeEventListener('abort', subscriber.wake);
          resolve();
        },
      };
      this.subscribers.add(subscriber);
      signal.addEventListener('abort', subscriber.wake, { once: true });
    });
  }

  private trouble(type: string): AppendTrouble | undefined {
    const index = this.appendTroubles.findIndex((trouble) => type.startsWith(trouble.type));
    return index < 0 ? undefined : this.appendTroubles.splice(index, 1)[0]?.kind;
  }

  private async beThere(): Promise<void> {
    if (this.time.now < this.awayUntil) await this.silence('the event store is away');
  }

  private async silence(what: string): Promise<never> {
    await this.time.sleep(this.random.int(PATIENCE_MS.least, PATIENCE_MS.most));
    throw new OutcomeUnknown(what);
  }

  private async write(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    const known = this.log.all().length;
    const appended = this.log.append(stream, expected, events);
    for (const event of this.log.all().slice(known)) this.committed(event);
    if (this.log.all().length > known) this.wakeAll();
    return appended;
  }

  private wakeAll(): void {
    for (const { wake } of [...this.subscribers]) wake();
  }
}

/** The log as one process sees it. */
class Connection implements EventStore {
  constructor(
    private readonly server: LogServer,
    private readonly process: Incarnation,
  ) {}

  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    const types = [...new Set(events.map(({ type }) => type))].join(' ');
    const what = `append ${types} to ${short(stream)}@${String(expected)}`;
    return this.process.remote(what, () => this.server.append(stream, expected, events), this.server.stepsOf(events));
  }

  async *read(stream: string, from = 0n): AsyncIterable<RecordedEvent> {
    const what = `read ${short(stream)}@${String(from)}`;
    const { events, all } = await this.process.remote(what, () => this.server.read(stream, from));
    yield* events;
    if (!all) throw new OutcomeUnknown(`${what}: the connection broke`);
  }

  last(stream: string): Promise<RecordedEvent | undefined> {
    return this.ask(`last ${short(stream)}`, () => this.server.log.last(stream));
  }

  head(): Promise<Position> {
    return this.ask('head', () => this.server.log.head());
  }

  /** Nothing is restored here. */
  history(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  keepLast(stream: string, count: number): Promise<void> {
    return this.ask(`keep ${short(stream)}`, () => this.server.log.keepLast(stream, count));
  }

  async *subscribe(after: Position | undefined, signal: AbortSignal): AsyncIterable<LogMessage> {
    const log = this.server.log.all();
    const epoch = await this.ask('subscribe', () => Promise.resolve(this.server.epoch));
    let next = after === undefined ? 0 : firstBeyond(log, after);
    while (!signal.aborted) {
      for (; next < log.length; next += 1) {
        if (!this.process.alive) await never();
        yield { kind: 'event', event: log[next] as RecordedEvent };
      }
      yield { kind: 'caught-up' };
      if (next >= log.length && this.server.epoch === epoch) await this.server.news(signal);
      await this.ask('news', () => Promise.resolve());
      if (this.server.epoch !== epoch) throw new OutcomeUnknown('the subscription was dropped');
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private ask<T>(what: string, question: () => Promise<T>): Promise<T> {
    return this.process.remote(what, () => this.server.ask(question));
  }
}

function firstBeyond(log: readonly RecordedEvent[], position: Position): number {
  let [low, high] = [0, log.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((log[middle] as RecordedEvent).position <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A stream's name, short enough for a trace and long enough to tell streams apart. */
export const short = (stream: string): string => stream.replace(/([0-9a-f]{8})-[0-9a-f-]{27}$/, '$1');
