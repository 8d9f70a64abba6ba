import { type RecordedEvent, streamHash } from '@cairn/event-store';
import { ChainVerifier } from '../verify';
import { parsedLine } from './exported-line';
import { PART } from './line-frame';
import { LineLinks, linkOfLine } from './line-link';
import { type Piece, PieceReader } from './piece';

/**
 * Checks that every event of an export follows from the one before it in its stream.
 *
 * A link is the hash of the event's canonical JSON: no white space, keys sorted. The export writes metadata in that form,
 * and data in it but for the keys. So the line's own bytes are hashed, the data's members moved into their order: if that
 * gives the link, the writer hashed these very bytes, and what is parsed from them is what the writer said. If it does
 * not, the event may still be sound and only written otherwise, as by an older export: then it is parsed, and its values
 * decide as in `cairn verify`.
 */
export class LineChain {
  private readonly verifier = new ChainVerifier();
  private readonly links = new LineLinks();
  private before = -1n;
  private lines = 0;

  /** @throws Error that says why what is in this piece cannot be trusted */
  check(piece: Piece): void {
    const reader = new PieceReader(piece);
    for (let line = 0; line < reader.lines; line += 1) {
      this.lines += 1;
      const event = this.event(reader.event(line));
      const { position } = event;
      if (position <= this.before) throw new Error(`position ${String(position)} comes after ${String(this.before)}`);
      this.before = position;
      if (event.type.startsWith('$')) continue;
      this.checkLink(reader, line, event);
      const [broken] = this.verifier.broken;
      if (broken !== undefined) throw new Error(`${broken.stream}, revision ${String(broken.revision)}: ${broken.why}`);
    }
  }

  private checkLink(reader: PieceReader, line: number, event: RecordedEvent): void {
    const framed = reader.isFramed(line);
    const parsed = (): RecordedEvent => (framed ? this.event(parsedLine(reader.text(line, PART.line))) : event);
    const found = framed ? linkOfLine(reader, line) : '';
    if (found === '') {
      this.verifier.check(parsed());
      return;
    }
    this.verifier.checkLink(event, found, (previous) => {
      const next = this.links.next(previous, reader, line);
      return next === found ? next : streamHash(previous, parsed());
    });
  }

  /** @throws Error with the number of the line, where it says no event */
  private event(event: RecordedEvent | undefined): RecordedEvent {
    if (event === undefined) throw new Error(`line ${String(this.lines)} is no exported event with a position`);
    return event;
  }
}
