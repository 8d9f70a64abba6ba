import { type AnyAggregate, deriveId } from '@cairn/domain';
import {
  type EventStore,
  type ExpectedRevision,
  OutcomeUnknown,
  type Position,
  WrongRevision,
} from '@cairn/event-store';

import { RecentCommands, type StoredCommands } from './recent-commands';
import { isBehind, nextRevision } from './revisions';
import { partsOf, stateOf } from './snapshot-parts';

/** A stream, folded up to a revision, with everything needed to fold on. */
export interface Folded {
  readonly state: unknown;
  readonly revision: ExpectedRevision;
  /** Position of the last event in the log. */
  readonly position: Position;
  /** The last event's link in the stream's hash chain. */
  readonly link: string;
  /** The cause of the stream's present work; later events carry it on. */
  readonly cause: Cause;
  /** Ids of the newest commands. Grows in place: it belongs to one mailbox. */
  readonly recent: RecentCommands;
}

export interface Cause {
  readonly eventId: string;
  readonly correlationId: string;
  readonly requestId: string;
}

/** Nobody's request. */
export const NO_CAUSE: Cause = { eventId: '', correlationId: '', requestId: '' };

/** A stream without events. */
export const blank = (aggregate: AnyAggregate): Folded => ({
  state: aggregate.initial,
  revision: 'no-stream',
  position: 0n,
  link: '',
  cause: NO_CAUSE,
  recent: new RecentCommands(),
});

/** The snapshot's last event. Where the state has several parts, they are the events right before it. */
interface Stored {
  readonly cause: Cause;
  readonly schemaVersion: number;
  readonly revision: string;
  readonly position: string;
  readonly link: string;
  /** A list (ids and times) in snapshots of earlier releases: its places are not known. */
  readonly recent: StoredCommands | readonly unknown[];
  readonly state?: unknown;
  /** How many parts the state has in events of their own; absent: none. */
  readonly parts?: number;
  /** How many events the stream keeps; absent: one. */
  readonly kept?: number;
}

/** A snapshot is written when a stream passes a multiple of this; for a state in several parts, of as many times this. */
const SNAPSHOT_EVERY = 500n;

/**
 * Snapshots of streams, in `snapshot-<stream>`, which keeps only the newest. They only save time: without a snapshot, or
 * with one of another schema version, the executor folds the stream from its start.
 */
export class Snapshots {
  private readonly writing = new Set<string>();
  /** How many parts the last snapshot of a stream had, where that is more than one. */
  private readonly large = new Map<string, bigint>();

  constructor(
    private readonly store: EventStore,
    private readonly warn: (message: string, error: unknown) => void,
    private readonly every = SNAPSHOT_EVERY,
  ) {}

  /** Where to begin to read a stream: its snapshot, if the aggregate's streams usually have one, or its start. */
  async load(stream: string, aggregate: AnyAggregate): Promise<Folded> {
    return (aggregate.growing === true ? await this.newest(stream, aggregate) : undefined) ?? blank(aggregate);
  }

  /** The snapshot to go on from, of a stream that was read from its start up to here; undefined if that saves nothing. */
  async ahead(stream: string, aggregate: AnyAggregate, { revision }: Folded): Promise<Folded | undefined> {
    if (aggregate.growing === true || nextRevision(revision) !== this.every) return undefined;
    const newest = await this.newest(stream, aggregate);
    return newest !== undefined && isBehind(revision, newest.revision) ? newest : undefined;
  }

  private async newest(stream: string, aggregate: AnyAggregate): Promise<Folded | undefined> {
    const last = await this.store.last(snapshotStream(stream));
    const stored = last?.data as Stored | undefined;
    if (last === undefined || stored?.schemaVersion !== aggregate.schemaVersion) return undefined;
    const state = await this.stateBefore(snapshotStream(stream), last.revision, stored);
    if (state === undefined) return undefined;
    const [revision, position] = [BigInt(stored.revision), BigInt(stored.position)];
    return {
      state: aggregate.snapshot.load(state),
      revision,
      position,
      link: stored.link,
      cause: stored.cause,
      recent:
        'ids' in stored.recent ? RecentCommands.load(stored.recent) : RecentCommands.after({ revision, position }),
    };
  }

  /** Undefined if a newer snapshot is just taking the place of this one. */
  private async stateBefore(target: string, revision: bigint, { state, parts = 0 }: Stored): Promise<unknown> {
    if (parts === 0) return state;
    const texts: string[] = [];
    const from = revision - BigInt(parts);
    for await (const event of this.store.read(target, from)) {
      if (event.revision !== from + BigInt(texts.length) || texts.length === parts) break;
      texts.push(String(event.data['text']));
    }
    if (texts.length < parts) return undefined;
    this.large.set(target, BigInt(parts));
    return stateOf(texts);
  }

  /** Writes a snapshot in the background when the stream has just passed a multiple of `every`. */
  consider(stream: string, aggregate: AnyAggregate, before: ExpectedRevision, folded: Folded): void {
    const { revision } = folded;
    if (revision === 'no-stream' || this.writing.has(stream)) return;
    const every = this.every * (this.large.get(snapshotStream(stream)) ?? 1n);
    if (nextRevision(before) / every === (revision + 1n) / every) return;
    this.writing.add(stream);
    void this.write(stream, aggregate, folded, revision)
      .catch((error: unknown) => {
        if (!(error instanceof WrongRevision || error instanceof OutcomeUnknown))
          this.warn(`snapshot of ${stream}`, error);
      })
      .finally(() => this.writing.delete(stream));
  }

  private async write(stream: string, aggregate: AnyAggregate, folded: Folded, revision: bigint): Promise<void> {
    const head: Stored = {
      schemaVersion: aggregate.schemaVersion,
      revision: String(revision),
      position: String(folded.position),
      link: folded.link,
      cause: folded.cause,
      recent: folded.recent.store(), // at once: it grows
    };
    const texts = await partsOf(aggregate.snapshot.save(folded.state));
    const target = snapshotStream(stream);
    const last = await this.store.last(target);
    const { kept = 1 } = (last?.data ?? {}) as Partial<Stored>;
    const parts = texts.length === 1 ? 0 : texts.length;
    // the present snapshot stays whole until the next one is
    const keep = Math.max(kept, parts === 0 ? 1 : 2 * (parts + 1));
    if (last === undefined || keep > kept) await this.store.keepLast(target, keep);
    let at: ExpectedRevision = last?.revision ?? 'no-stream';
    for (const [i, text] of (parts === 0 ? [] : texts).entries())
      at = await this.append(target, at, 'snapshot.part-taken.v1', [head, i], { text });
    const keeping = keep > 1 ? { kept: keep } : {};
    const data = parts === 0 ? { ...head, state: await stateOf(texts) } : { ...head, parts };
    await this.append(target, at, 'snapshot.taken.v1', [head], { ...data, ...keeping });
    if (parts === 0) this.large.delete(target);
    else this.large.set(target, BigInt(parts));
  }

  private async append(
    target: string,
    at: ExpectedRevision,
    type: string,
    [{ revision, schemaVersion }, part]: readonly [Stored, number?],
    data: object,
  ): Promise<bigint> {
    const id = deriveId(target, revision, schemaVersion, ...(part === undefined ? [] : ['part', part]));
    const appended = await this.store.append(target, at, [
      { id, type, data: data as Readonly<Record<string, unknown>>, metadata: {} },
    ]);
    return appended.revision;
  }
}

const snapshotStream = (stream: string): string => `snapshot-${stream}`;
