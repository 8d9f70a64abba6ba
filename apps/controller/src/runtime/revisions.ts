import { GenerationalCache } from '@cairn/cache';
import type { ExpectedRevision } from '@cairn/event-store';

/** The revision of the event that comes next in a stream. */
export const nextRevision = (revision: ExpectedRevision): bigint => (revision === 'no-stream' ? 0n : revision + 1n);

export const isBehind = (revision: ExpectedRevision, than: ExpectedRevision): boolean =>
  nextRevision(revision) < nextRevision(than);

/** Streams that are remembered, a hundred bytes each. */
const MOST_STREAMS = 32_768;

/** The newest revision that each stream is known to have, by what was read, appended or said by a caller: a node may show less. */
export class KnownRevisions {
  private readonly known = new GenerationalCache<string, ExpectedRevision>(MOST_STREAMS);

  of(stream: string): ExpectedRevision {
    return this.known.get(stream) ?? 'no-stream';
  }

  /** Takes over one that is newer than what is known. */
  note(stream: string, revision: ExpectedRevision): void {
    if (isBehind(this.of(stream), revision)) this.known.set(stream, revision);
  }
}
