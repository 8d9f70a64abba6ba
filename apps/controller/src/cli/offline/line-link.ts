import { hash } from 'node:crypto';
import { DIGITS, PART } from './line-frame';
import type { Part, PieceReader } from './piece';

const [DATA, ID, METADATA, TYPE, END] = ['{"data":', ',"id":"', '","metadata":', ',"type":"', '"}'].map((text) =>
  Buffer.from(text),
) as [Buffer, Buffer, Buffer, Buffer, Buffer];
/** Below it a loop copies faster than a call does. */
const SHORT = 64;

/** The link that a framed line carries; '' where it is not where the writers put it. */
export function linkOfLine(reader: PieceReader, line: number): string {
  const end = reader.end(line, PART.link) - 1;
  return reader.start(line, PART.link) > end ? '' : reader.bytes.toString('latin1', end - DIGITS, end);
}

/** Makes the links of framed lines from their bytes. */
export class LineLinks {
  private text = Buffer.alloc(64 * 1024);
  private length = 0;

  /**
   * What `streamHash` gives for the line's event, if its data and metadata are written as canonical JSON. If they are
   * not, another: the bytes are hashed as they stand, only put in the order that the canonical form of an event has.
   */
  next(previous: string, reader: PieceReader, line: number): string {
    this.reserve(previous.length + reader.end(line, PART.line) - reader.start(line, PART.line));
    this.length = this.text.write(previous, 'latin1');
    this.put(DATA);
    this.putPart(reader, line, PART.data);
    this.put(ID);
    this.putPart(reader, line, PART.id);
    this.put(METADATA);
    this.putBytes(reader.bytes, reader.start(line, PART.metadata), reader.start(line, PART.link));
    this.putBytes(reader.bytes, reader.end(line, PART.link), reader.end(line, PART.metadata));
    this.put(TYPE);
    this.putPart(reader, line, PART.type);
    this.put(END);
    return hash('sha256', this.text.subarray(0, this.length), 'hex');
  }

  /** The text is shorter than the line: all that it has besides is in the line as well. */
  private reserve(bytes: number): void {
    if (bytes > this.text.length) this.text = Buffer.alloc(2 * bytes);
  }

  private put(bytes: Buffer): void {
    this.putBytes(bytes, 0, bytes.length);
  }

  private putPart(reader: PieceReader, line: number, part: Part): void {
    this.putBytes(reader.bytes, reader.start(line, part), reader.end(line, part));
  }

  private putBytes(bytes: Buffer, from: number, to: number): void {
    const { text, length } = this;
    if (to - from < SHORT) for (let i = from; i < to; i += 1) text[length + i - from] = bytes[i] as number;
    else bytes.copy(text, length, from, to);
    this.length = length + to - from;
  }
}
