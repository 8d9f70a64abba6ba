import type { ExpectedRevision } from './commands';

/** Where an event that was written before lies. */
export interface Written {
  readonly revision: number;
  readonly position: number;
}

/** The facts about a stream that a decision may use, including writes staged in the same commit group. */
export interface StreamView {
  /** Last revision, -1 when the stream never had an event. */
  readonly last: number;
  readonly tombstoned: boolean;
  readonly softDeleted: boolean;
  /** Whether its metastream holds anything. */
  hasMetadata(): boolean;
  /** The position of the event at `revision` when its id is `id`. */
  matches(revision: number, id: Buffer): Written | undefined;
  /** A recently written event of this stream with that id, if it is still remembered. */
  recent(id: Buffer): Written | undefined;
}

export type Decision =
  | { readonly kind: 'accept' }
  /** All events were written before: nothing to do, the original place is the answer. */
  | { readonly kind: 'repeat'; readonly written: Written }
  | { readonly kind: 'wrong-expected-version' }
  | { readonly kind: 'stream-deleted' };

const ACCEPT: Decision = { kind: 'accept' };
const WRONG: Decision = { kind: 'wrong-expected-version' };
const DELETED: Decision = { kind: 'stream-deleted' };

/** EventStoreDB's rules for expected revisions and repeated writes, in their order. */
export function decide(expected: ExpectedRevision, ids: readonly Buffer[], stream: StreamView): Decision {
  if (stream.tombstoned) return DELETED;
  if (expected === 'stream-exists') {
    if (stream.softDeleted) return DELETED;
    if (stream.last < 0 && !stream.hasMetadata()) return WRONG;
  }
  if (expected === 'any' || expected === 'stream-exists') return decideByRecentIds(ids, stream);
  const revision = expected === 'no-stream' ? -1 : expected;
  if (revision > stream.last) return WRONG;
  if (revision === stream.last) return ACCEPT;
  return decideByPlace(revision, ids, stream);
}

function decideByRecentIds(ids: readonly Buffer[], stream: StreamView): Decision {
  let written: Written | undefined;
  for (const id of ids) {
    const known = stream.recent(id);
    if (known === undefined) return written === undefined ? ACCEPT : WRONG;
    written = known;
  }
  return written === undefined ? ACCEPT : { kind: 'repeat', written };
}

function decideByPlace(revision: number, ids: readonly Buffer[], stream: StreamView): Decision {
  let written: Written | undefined;
  for (const [index, id] of ids.entries()) {
    const found = stream.matches(revision + 1 + index, id);
    if (found === undefined) return index === 0 && revision === -1 && stream.softDeleted ? ACCEPT : WRONG;
    written = found;
  }
  return written === undefined ? WRONG : { kind: 'repeat', written };
}
