import { parseStream } from '@cairn/domain';
import { linkOf, type RecordedEvent, streamHash } from '@cairn/event-store';

/** Streams that are not chained: only their newest event is kept (RUNTIME.md, Audit). */
const EXEMPT: readonly string[] = ['snapshot', 'relay'];

export interface Broken {
  readonly stream: string;
  readonly revision: bigint;
  readonly position: bigint;
  readonly why: string;
}

/** Checks the hash chains of streams, event by event, in the log's order. */
export class ChainVerifier {
  private readonly links = new Map<string, string>();
  private readonly brokenStreams = new Set<string>();
  readonly broken: Broken[] = [];
  checked = 0;

  get streams(): number {
    return this.links.size;
  }

  check(event: RecordedEvent): void {
    const { stream, revision, position } = event;
    if (EXEMPT.includes(parseStream(stream)?.category ?? '') || this.brokenStreams.has(stream)) return;
    this.checked += 1;
    const expected = streamHash(this.links.get(stream) ?? '', event);
    const found = linkOf(event);
    if (found === expected) {
      this.links.set(stream, expected);
      return;
    }
    this.brokenStreams.add(stream); // after the first broken event nothing of the stream can be trusted
    this.broken.push({
      stream,
      revision,
      position,
      why: found === '' ? 'it has no hash' : 'its hash does not follow from the event before',
    });
  }
}
