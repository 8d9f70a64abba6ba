import { type AnyAggregate, deriveId } from '@cairn/domain';
import {
  type EventStore,
  type ExpectedRevision,
  OutcomeUnknown,
  type Position,
  WrongRevision,
} from '@cairn/event-store';

import { nextRevision } from './revisions';

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
  /** Ids of recent commands, with their times. Grows in place: it belongs to one mailbox. */
  readonly recent: Map<string, string>;
}

export interface Cause {
  readonly eventId: string;
  readonly correlationId: string;
  readonly requestId: string;
}

const NO_CAUSE: Cause = { eventId: '', correlationId: '', requestId: '' };

/** A stream without events. */
export const blank = (aggregate: AnyAggregate): Folded => ({
  state: aggregate.initial,
  revision: 'no-stream',
  position: 0n,
  link: '',
  cause: NO_CAUSE,
  recent: new Map(),
});

interface Stored {
  readonly cause: Cause;
  readonly schemaVersion: number;
  readonly revision: string;
  readonly position: string;
  readonly link: string;
  readonly recent: readonly [string, string][];
  readonly state: unknown;
}

/** A snapshot is written whenever a stream passes a multiple of this. */
const SNAPSHOT_EVERY = 500n;

/**
 * Snapshots of streams that grow without end, in `snapshot-<stream>`, which keeps only the newest. They only save time:
 * without a snapshot, or with one of another schema version, the executor folds the stream from its start.
 */
export class Snapshots {
  private readonly writing = new Set<string>();

  constructor(
    private readonly store: EventStore,
    private readonly warn: (message: string, error: unknown) => void,
    private readonly every = SNAPSHOT_EVERY,
  ) {}

  async load(stream: string, aggregate: AnyAggregate): Promise<Folded> {
    const fresh = blank(aggregate);
    if (aggregate.snapshot === undefined) return fresh;
    const stored = (await this.store.last(snapshotStream(stream)))?.data as Stored | undefined;
    if (stored?.schemaVersion !== aggregate.schemaVersion) return fresh;
    return {
      state: aggregate.snapshot.load(stored.state),
      revision: BigInt(stored.revision),
      position: BigInt(stored.position),
      link: stored.link,
      cause: stored.cause,
      recent: new Map(stored.recent),
    };
  }

  /** Writes a snapshot in the background when the stream has just passed a multiple of `every`. */
  consider(stream: string, aggregate: AnyAggregate, before: ExpectedRevision, folded: Folded): void {
    const { revision } = folded;
    if (aggregate.snapshot === undefined || revision === 'no-stream' || this.writing.has(stream)) return;
    const from = nextRevision(before);
    if (from / this.every === (revision + 1n) / this.every) return;
    this.writing.add(stream);
    void this.write(stream, aggregate, folded, revision)
      .catch((error: unknown) => {
        if (!(error instanceof WrongRevision || error instanceof OutcomeUnknown))
          this.warn(`snapshot of ${stream}`, error);
      })
      .finally(() => this.writing.delete(stream));
  }

  private async write(stream: string, aggregate: AnyAggregate, folded: Folded, revision: bigint): Promise<void> {
    const stored: Stored = {
      schemaVersion: aggregate.schemaVersion,
      revision: String(revision),
      position: String(folded.position),
      link: folded.link,
      cause: folded.cause,
      recent: [...folded.recent],
      state: JSON.parse(JSON.stringify(aggregate.snapshot?.save(folded.state))) as unknown,
    };
    const target = snapshotStream(stream);
    const last = await this.store.last(target);
    if (last === undefined) await this.store.keepLast(target, 1);
    const id = deriveId(target, stored.revision, stored.schemaVersion);
    const data = stored as unknown as Readonly<Record<string, unknown>>;
    await this.store.append(target, last?.revision ?? 'no-stream', [
      { id, type: 'snapshot.taken.v1', data, metadata: {} },
    ]);
  }
}

const snapshotStream = (stream: string): string => `snapshot-${stream}`;
