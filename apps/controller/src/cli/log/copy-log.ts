import { type EventStore, linkOf, NAME_STREAM, ownerOf, type RecordedEvent } from '@cairn/event-store';

import { wholeLog } from '../log-scan';
import { LogWalk } from './log-walk';
import { LogWriter } from './log-writer';

type Target = Pick<EventStore, 'append' | 'last' | 'keepLast' | 'subscribe'>;

/** How often it is said how far a copy is. */
const TELL_EVERY_MS = 5_000;

/** Of a log that arrived or was restored, what was recorded of that behind the copy. */
const TURNS: readonly string[] = ['log.arrived.v1', 'log.restored.v1'];

/**
 * Makes a log the same as another one, with the same chains in the same order. It has to be empty or a beginning of that,
 * so that a copy goes on where an earlier one was ended. Snapshots are left out: they name positions, which are others there.
 * Of each host's relay only the newest event is taken.
 */
export class LogCopy {
  /** What has been read: checked, and summed up. */
  readonly walk = new LogWalk();
  private readonly writer: LogWriter;
  private readonly there: AsyncGenerator<RecordedEvent, undefined>;
  private isBehind = true;
  private readonly relays = new Map<string, RecordedEvent>();

  /** @param tell is told how far it is from time to time */
  constructor(
    private readonly target: Target,
    private readonly tell: (line: string) => void,
  ) {
    this.writer = new LogWriter(target);
    this.there = ownEvents(target);
  }

  /** Events that were written, and not there before. */
  get written(): number {
    return this.writer.written;
  }

  /**
   * Takes events, in the order of their log; may be called again with those behind.
   * @throws Error when a chain is broken, or the target is no copy of the same log
   */
  async take(events: AsyncIterable<RecordedEvent>): Promise<void> {
    let told = performance.now();
    for await (const event of events) {
      if (event.stream.startsWith('relay-')) this.relays.set(event.stream, event);
      const isOwn = this.walk.take(event);
      if (this.walk.fault !== undefined) throw new Error(this.walk.fault);
      if (isOwn && !(await this.isThere(event))) await this.writer.take(event);
      if (performance.now() - told < TELL_EVERY_MS) continue;
      told = performance.now();
      this.tell(`${String(this.walk.digest.events)} events, ${String(this.writer.written)} of them written`);
    }
    await this.writer.flush();
  }

  /** To be called when all has been taken. @throws Error when the target goes on where the log ends */
  async finish(): Promise<void> {
    while (this.isBehind) {
      const more = await this.next();
      if (more !== undefined && !(more.stream === NAME_STREAM && TURNS.includes(more.type)))
        throw new Error(`the log there goes on behind this one, with ${place(more)}: it is no copy of it`);
    }
    for (const [stream, { id, type, data, metadata }] of this.relays) {
      const last = await this.target.last(stream);
      if (JSON.stringify(last?.data) === JSON.stringify(data)) continue;
      if (last === undefined) await this.target.keepLast(stream, 1);
      await this.target.append(stream, last?.revision ?? 'no-stream', [{ id, type, data, metadata }]);
    }
  }

  private async isThere(event: RecordedEvent): Promise<boolean> {
    const there = this.isBehind ? await this.next() : undefined;
    if (there === undefined) return false;
    const same = [there, event].map(
      ({ stream, revision, metadata }) => `${stream}@${String(revision)} ${linkOf({ metadata })}`,
    );
    if (same[0] === same[1]) return true;
    throw new Error(`the log there is another one: it has ${place(there)} where this one has ${place(event)}`);
  }

  private async next(): Promise<RecordedEvent | undefined> {
    const next = await this.there.next();
    if (next.done !== true) return next.value;
    this.isBehind = false;
    return undefined;
  }
}

async function* ownEvents(store: Pick<EventStore, 'subscribe'>): AsyncGenerator<RecordedEvent, undefined> {
  for await (const event of wholeLog(store)) if (ownerOf(event) === 'cairn') yield event;
}

const place = ({ stream, revision, position }: RecordedEvent): string =>
  `${stream} at revision ${String(revision)} (position ${String(position)})`;
