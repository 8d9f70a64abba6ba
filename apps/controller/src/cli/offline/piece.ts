import type { RecordedEvent } from '@cairn/event-store';
import { parsedLine } from './exported-line';
import { PART, ROW, UNFRAMED } from './line-frame';

/** Some lines of an export: their bytes, and where in them the parts of each line are. One thread hands it to another. */
export interface Piece {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** A row of spans for each line (line-frame.ts). */
  readonly spans: Int32Array<ArrayBuffer>;
  readonly lines: number;
}

/** One of a line's parts. */
export type Part = (typeof PART)[keyof typeof PART];

/** Reads parts out of a piece. */
export class PieceReader {
  readonly bytes: Buffer;
  readonly lines: number;

  constructor(private readonly piece: Piece) {
    const { bytes, lines } = piece;
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.lines = lines;
  }

  /** Where a part of a line begins. */
  start(line: number, part: Part): number {
    return this.piece.spans[line * ROW + part] as number;
  }

  end(line: number, part: Part): number {
    return this.piece.spans[line * ROW + part + 1] as number;
  }

  text(line: number, part: Part): string {
    return this.bytes.toString('utf8', this.start(line, part), this.end(line, part));
  }

  isFramed(line: number): boolean {
    return this.start(line, PART.stream) !== UNFRAMED;
  }

  /** @returns undefined when the line says no event */
  event(line: number): RecordedEvent | undefined {
    return this.isFramed(line) ? new FramedEvent(this, line) : parsedLine(this.text(line, PART.line));
  }
}

/** An event of a framed line. Each of its parts is made when it is asked for: of most events only a few are. */
class FramedEvent implements RecordedEvent {
  constructor(
    private readonly reader: PieceReader,
    private readonly line: number,
  ) {}

  get stream(): string {
    return this.reader.text(this.line, PART.stream);
  }

  get revision(): bigint {
    return BigInt(this.reader.text(this.line, PART.revision));
  }

  get position(): bigint {
    return BigInt(this.reader.text(this.line, PART.position));
  }

  get id(): string {
    return this.reader.text(this.line, PART.id);
  }

  get type(): string {
    return this.reader.text(this.line, PART.type);
  }

  get created(): string {
    return this.reader.text(this.line, PART.created);
  }

  /** @throws SyntaxError when they are no JSON, which nothing has looked at before */
  get data(): RecordedEvent['data'] {
    return JSON.parse(this.reader.text(this.line, PART.data)) as RecordedEvent['data'];
  }

  /** @throws SyntaxError as the data */
  get metadata(): RecordedEvent['metadata'] {
    return JSON.parse(this.reader.text(this.line, PART.metadata)) as RecordedEvent['metadata'];
  }
}
