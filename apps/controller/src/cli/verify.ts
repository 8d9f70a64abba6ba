import { parseStream } from '@cairn/domain';
import { linkOf, type RecordedEvent, streamHash } from '@cairn/event-store';

/** Streams that are not chained: only their newest event is kept. */
const EXEMPT: readonly string[] = ['snapshot', 'relay'];

/** Where an event is. */
export type Place = Pick<RecordedEvent, 'stream' | 'revision' | 'position'>;

export interface Broken extends Place {
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
    this.checkLink(event, linkOf(event), (previous) => streamHash(previous, event));
  }

  /**
   * The same for one whose next link can be had otherwise than from its values.
   * @param found the link that it carries; '' for none
   * @param next the link that follows from the previous one; not asked for where nothing is to be checked
   */
  checkLink(place: Place, found: string, next: (previous: string) => string): void {
    const { stream } = place;
    if (EXEMPT.includes(parseStream(stream)?.category ?? '') || this.brokenStreams.has(stream)) return;
    this.checked += 1;
    if (found !== '' && found === next(this.links.get(stream) ?? '')) {
      this.links.set(stream, found);
      return;
    }
    this.brokenStreams.add(stream); // after the first broken event nothing of the stream can be trusted
    const why = found === '' ? 'it has no hash' : 'its hash does not follow from the event before';
    this.broken.push({ stream, revision: place.revision, position: place.position, why });
  }
}
