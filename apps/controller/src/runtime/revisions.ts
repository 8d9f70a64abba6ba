import type { ExpectedRevision } from '@cairn/event-store';

/** The revision of the event that comes next in a stream. */
export const nextRevision = (revision: ExpectedRevision): bigint => (revision === 'no-stream' ? 0n : revision + 1n);

export const isBehind = (revision: ExpectedRevision, than: ExpectedRevision): boolean =>
  nextRevision(revision) < nextRevision(than);
