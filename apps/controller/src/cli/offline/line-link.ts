import { hash } from 'node:crypto';
import { CanonicalText } from './canonical-text';
import { DIGITS, PART } from './line-frame';
import type { PieceReader } from './piece';

const [DATA, ID, METADATA, TYPE, END] = ['{"data":', ',"id":"', '","metadata":', ',"type":"', '"}'].map((text) =>
  Buffer.from(text),
) as [Buffer, Buffer, Buffer, Buffer, Buffer];

/** The link that a framed line carries; '' where it is not where the writers put it. */
export function linkOfLine(reader: PieceReader, line: number): string {
  const end = reader.end(line, PART.link) - 1;
  return reader.start(line, PART.link) > end ? '' : reader.bytes.toString('latin1', end - DIGITS, end);
}

/** Makes the links of framed lines from their bytes. */
export class LineLinks {
  private readonly text = new CanonicalText();

  /**
   * What `streamHash` gives for the line's event, if its data are JSON as ECMAScript writes it and its metadata canonical.
   * If they are not, another: but for the order of the data's members the bytes are hashed as they stand.
   */
  next(previous: string, reader: PieceReader, line: number): string {
    const { text } = this;
    const { bytes } = reader;
    // It is shorter than link and line: all that it has besides is in the line as well.
    text.begin(previous.length + reader.end(line, PART.line) - reader.start(line, PART.line));
    text.put(Buffer.from(previous, 'latin1'));
    text.put(DATA);
    text.putSorted(bytes, reader.start(line, PART.data), reader.end(line, PART.data));
    text.put(ID);
    text.put(bytes, reader.start(line, PART.id), reader.end(line, PART.id));
    text.put(METADATA);
    text.put(bytes, reader.start(line, PART.metadata), reader.start(line, PART.link));
    text.put(bytes, reader.end(line, PART.link), reader.end(line, PART.metadata));
    text.put(TYPE);
    text.put(bytes, reader.start(line, PART.type), reader.end(line, PART.type));
    text.put(END);
    return hash('sha256', text.bytes, 'hex');
  }
}
