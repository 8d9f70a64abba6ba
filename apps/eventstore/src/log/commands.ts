import type { ProposedEvent } from './events';

/** What the writer expects of a stream: its exact last revision, or one of the three words of the protocol. */
export type ExpectedRevision = number | 'any' | 'no-stream' | 'stream-exists';

/** Append events atomically: all in one commit, with contiguous revisions. */
export interface AppendCommand {
  readonly kind: 'append';
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly ProposedEvent[];
  /** Milliseconds since 1970 after which the caller no longer waits: an append still queued then is not carried out. */
  readonly deadlineMs: number;
}

/** Soft delete (`$tb` = maximum in the metadata; the stream may come back) or tombstone (final). */
export interface DeleteCommand {
  readonly kind: 'delete' | 'tombstone';
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly deadlineMs: number;
}

export type WriteCommand = AppendCommand | DeleteCommand;

/**
 * How a write ended. Everything but `unavailable` is final; each is told only after the group's COMMIT, because a
 * refusal may rest on rows that are staged in the same group.
 */
export type WriteOutcome =
  /** `revision` is the stream's last revision after the write, -1 for none; no position when nothing was written. */
  | { readonly kind: 'done'; readonly revision: number; readonly position: number | undefined }
  /** `current` is the stream's last revision, -1 when it has no events. */
  | { readonly kind: 'wrong-expected-version'; readonly current: number }
  | { readonly kind: 'stream-deleted' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'unavailable'; readonly reason: string };
