import { open } from 'node:fs/promises';
import { frame, ROW } from './line-frame';
import type { Piece } from './piece';

const READ_BYTES = 1024 * 1024;
const NEWLINE = '\n'.charCodeAt(0);
/** Lines that a piece has room for at first. */
const LINES = 2_048;

/**
 * The lines of a file, some thousand at a time, each framed. Each piece has memory of its own.
 * @throws Error when the last line has no end
 */
export async function* piecesOf(file: string): AsyncGenerator<Piece> {
  const handle = await open(file);
  try {
    let rest = Buffer.alloc(0);
    let lines = 0;
    for (;;) {
      const bytes = Buffer.allocUnsafeSlow(rest.length + READ_BYTES);
      rest.copy(bytes);
      const { bytesRead } = await handle.read(bytes, rest.length, READ_BYTES);
      if (bytesRead === 0) break;
      const read = bytes.subarray(0, rest.length + bytesRead);
      const end = read.lastIndexOf(NEWLINE) + 1;
      rest = Buffer.from(read.subarray(end)); // copied: the piece goes away with its memory
      const piece = framed(bytes.subarray(0, end));
      lines += piece.lines;
      yield piece;
    }
    if (rest.length > 0) throw new Error(`line ${String(lines + 1)} is cut off`);
  } finally {
    await handle.close();
  }
}

function framed(bytes: Buffer<ArrayBuffer>): Piece {
  let spans = new Int32Array(LINES * ROW);
  let [lines, from] = [0, 0];
  for (let to = bytes.indexOf(NEWLINE); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
    if (spans.length === lines * ROW) spans = doubled(spans);
    frame(bytes, from, to, spans.subarray(lines * ROW, (lines + 1) * ROW));
    from = to + 1;
    lines += 1;
  }
  return { bytes, spans, lines };
}

function doubled(spans: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * spans.length);
  larger.set(spans);
  return larger;
}
