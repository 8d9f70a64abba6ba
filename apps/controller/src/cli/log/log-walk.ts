import { isOwnType, ownerOf, type RecordedEvent } from '@cairn/event-store';

import { LogDigest } from '../../log-head/log-digest';
import { ChainVerifier } from '../verify';

/** Streams of others that are told apart at most; their events are all counted. */
const MOST_STREAMS = 100_000;

/** Walks over a log, also one that others write to as well: checks Cairn's chains, sums them up, and counts the rest. */
export class LogWalk {
  readonly verifier = new ChainVerifier();
  readonly digest = LogDigest.empty();
  /** Streams that are named like Cairn's and hold others' events, with how many. */
  readonly disguised = new Map<string, number>();
  readonly foreign = { events: 0, streams: new Set<string>() };

  /** @returns whether it is an event of Cairn's chains */
  take(event: RecordedEvent): boolean {
    const owner = ownerOf(event);
    if (owner === 'foreign') {
      this.count(event);
      return false;
    }
    if (owner === 'disguised' && this.isOthers(event)) {
      this.disguised.set(event.stream, (this.disguised.get(event.stream) ?? 0) + 1);
      return false;
    }
    this.verifier.check(event);
    if (owner !== 'cairn') return false;
    this.digest.add(event);
    return true;
  }

  /** Takes all of these. */
  async takeAll(events: AsyncIterable<RecordedEvent>): Promise<this> {
    for await (const event of events) this.take(event);
    return this;
  }

  /** Where the first broken chain breaks, in words; undefined where all hold. */
  get fault(): string | undefined {
    const [broken] = this.verifier.broken;
    return broken && `${broken.stream}, revision ${String(broken.revision)}: ${broken.why}`;
  }

  /** What others have in the log, for people; nothing where there is nothing. */
  get others(): readonly string[] {
    const { events, streams } = this.foreign;
    const most = streams.size === MOST_STREAMS ? 'at least ' : '';
    const count = `${String(events)} events of ${most}${String(streams.size)} streams are other applications': left alone`;
    const named = [...this.disguised].map(
      ([stream, found]) =>
        `FOREIGN ${stream}: ${String(found)} events of another application, in a stream that is named like Cairn's: left alone`,
    );
    return events === 0 ? named : [...named, count];
  }

  /** An event without a link is another application's if neither its type nor its stream are Cairn's: else it is forged. */
  private isOthers({ stream, type, revision }: RecordedEvent): boolean {
    return this.disguised.has(stream) || (revision === 0n && !isOwnType(type));
  }

  private count({ stream }: RecordedEvent): void {
    this.foreign.events += 1;
    if (this.foreign.streams.size < MOST_STREAMS) this.foreign.streams.add(stream);
  }
}
