/**
 * The event log as the rest of Cairn sees it. `eventstoredb.ts` implements it over `@eventstore/db-client`, `memory.ts`
 * in memory; both pass `event-store.contract.ts`.
 */

/** A position in `$all`. Increasing, not contiguous; never computed with. */
export type Position = bigint;

/** The revision that an append expects its stream to be at. */
export type ExpectedRevision = bigint | 'no-stream';

export interface NewEvent {
  /** Deterministic (UUIDv5 of the command id): appending the same event again at the same revision is a no-op. */
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface RecordedEvent extends NewEvent {
  readonly stream: string;
  readonly revision: bigint;
  readonly position: Position;
  /** When the store wrote it, ISO 8601. For operators; the domain's time is `metadata.at`. */
  readonly created: string;
}

export interface AppendResult {
  readonly revision: bigint;
  readonly position: Position;
}

/** What a subscription to `$all` yields, in order. */
export type LogMessage =
  | { readonly kind: 'event'; readonly event: RecordedEvent }
  /**
   * No event at or before this position is still to come, in this subscription or one that goes on from it, whatever the
   * store's release announces; events yielded earlier may still be in the consumer's hands.
   */
  | { readonly kind: 'checkpoint'; readonly position: Position }
  /** The consumer has now been given all that was in the log at this moment. */
  | { readonly kind: 'caught-up' };

/** What a subscription leaves out, which then costs next to nothing. */
export interface Unwanted {
  /** Types of events: whole, or a prefix that ends in a dot. */
  readonly without?: readonly string[];
}

export interface EventStore {
  /**
   * Appends atomically. Resolves only when the events are durable.
   * @throws WrongRevision when the stream is elsewhere; StoreUnready when nothing was written and may be later; OutcomeUnknown
   * when the store did not answer in time or went away.
   */
  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult>;

  /** Reads a stream forwards from `from` (inclusive). A missing stream yields nothing. */
  read(stream: string, from?: bigint): AsyncIterable<RecordedEvent>;

  /** The last event of a stream, or undefined. */
  last(stream: string): Promise<RecordedEvent | undefined>;

  /** Position of the last event in `$all` (0n for an empty log). */
  head(): Promise<Position>;

  /**
   * Names the history that this log is: another after each restore of an older copy, for as long as there are copies.
   * What was derived from one history is worth nothing beside another. The embedded store says so; for an EventStoreDB the
   * event that names the log does. Undefined where there is none.
   */
  history(): Promise<string | undefined>;

  /**
   * Every domain event after `after` (undefined: from the first), without the store's own `$` events, for ever, until
   * the signal aborts. Throws when the store goes away: the caller subscribes again from the last position it handled.
   * What is left out shows only in checkpoints, which come late in a quiet log: for catching up.
   */
  subscribe(after: Position | undefined, signal: AbortSignal, unwanted?: Unwanted): AsyncIterable<LogMessage>;

  /** Keeps only the newest `count` events of a stream readable (`$maxCount`). */
  keepLast(stream: string, count: number): Promise<void>;

  close(): Promise<void>;
}

/** The stream is not at the revision expected: read the tail and decide again. */
export class WrongRevision extends Error {
  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    readonly actual: ExpectedRevision,
  ) {
    super(`stream ${stream}: expected ${String(expected)}, is at ${String(actual)}`);
  }
}

/** It may have happened or not (unavailable, timeout, cancelled): run the same again with the same ids. */
export class OutcomeUnknown extends Error {
  constructor(what: string, options?: ErrorOptions) {
    super(`outcome unknown: ${what}`, options);
  }
}

/** There is no space for the log: nothing was written, reads go on, and the same is taken when there is space again. */
export class StoreFull extends OutcomeUnknown {
  constructor(what: string, options?: ErrorOptions) {
    super(what, options);
    this.message = what;
  }
}

/** Nobody can take the write at present, and nothing of it was written: the same is taken when the store is ready again. */
export class StoreUnready extends OutcomeUnknown {
  constructor(what: string, options?: ErrorOptions) {
    super(what, options);
    this.message = `not done: ${what}`;
  }
}

/** The store refused in a way that trying again cannot mend. A bug or a misconfiguration. */
export class StoreRefused extends Error {}
