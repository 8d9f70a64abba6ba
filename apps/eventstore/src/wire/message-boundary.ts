import { HEADER_BYTES } from './frames';

/** Behind the flag for compression. */
const LENGTH_AT = 1;

/** The received part of the last message of a stream. */
export interface Rest {
  /** 0 when the last message is whole. */
  readonly bytes: number;
  /** Whether this is the message whose first part arrived before. */
  readonly isSame: boolean;
}

/** Follows where in a gRPC stream its messages begin and end. */
export class MessageBoundary {
  private readonly header = Buffer.alloc(HEADER_BYTES);
  /** Of the message at hand. */
  private seen = 0;

  /** Takes the next piece of the stream, of any size. */
  take(piece: Buffer): Rest {
    let isSame = true;
    for (let offset = 0; offset < piece.length;) {
      offset += this.advance(piece, offset);
      if (this.seen >= HEADER_BYTES && this.seen === this.size()) [this.seen, isSame] = [0, false];
    }
    return { bytes: this.seen, isSame };
  }

  /** Goes on to the end of the header, of the body or of the piece; returns by how much. */
  private advance(piece: Buffer, offset: number): number {
    const missing = this.seen < HEADER_BYTES ? HEADER_BYTES - this.seen : this.size() - this.seen;
    const step = Math.min(missing, piece.length - offset);
    if (this.seen < HEADER_BYTES) piece.copy(this.header, this.seen, offset, offset + step);
    this.seen += step;
    return step;
  }

  private size(): number {
    return HEADER_BYTES + this.header.readUInt32BE(LENGTH_AT);
  }
}
