const TWO_32 = 2 ** 32;
/** A varint has at most ten bytes. */
const VARINT_BYTES = 10;

/** The bytes are no protobuf message, or one that is cut off. */
export class MalformedMessageError extends Error {
  constructor() {
    super('malformed protobuf message');
    this.name = 'MalformedMessageError';
  }
}

/**
 * Walks the fields of one protobuf message without making objects of them: `while (reader.next()) switch (reader.field)`,
 * where each field is taken by {@link bytes}, {@link varint} or {@link skip}. Nothing is copied.
 */
export class ProtobufReader {
  field = 0;
  /** The two halves of the varint read last, for numbers beyond 2^53. */
  high = 0;
  low = 0;
  private wireType = 0;
  private offset = 0;

  constructor(private readonly source: Buffer) {}

  /** Goes to the next field; false at the end of the message. */
  next(): boolean {
    if (this.offset >= this.source.length) return false;
    const tag = this.varint();
    this.field = Math.floor(tag / 8);
    this.wireType = tag % 8;
    if (this.field === 0) throw new MalformedMessageError();
    return true;
  }

  /** The body of a length-delimited field; empty for a field that is sent in another form. */
  bytes(): Buffer {
    if (this.wireType !== 2) {
      this.skip();
      return Buffer.alloc(0);
    }
    const length = this.varint();
    const start = this.offset;
    this.advance(length);
    return this.source.subarray(start, this.offset);
  }

  /** A varint as a number, exact up to 2^53. */
  varint(): number {
    let [high, low] = [0, 0];
    for (let i = 0; i < VARINT_BYTES; i += 1) {
      const byte = this.source[this.offset];
      if (byte === undefined) throw new MalformedMessageError();
      this.offset += 1;
      const bits = byte & 0x7f;
      if (i < 4) low += bits * 2 ** (7 * i);
      else if (i === 4) {
        low += (bits & 0x0f) * 2 ** 28;
        high = bits >>> 4;
      } else high += bits * 2 ** (7 * i - 32);
      if (byte < 0x80) {
        this.low = low;
        this.high = high % TWO_32;
        return this.high * TWO_32 + low;
      }
    }
    throw new MalformedMessageError();
  }

  /** Passes over a field that is not known. */
  skip(): void {
    if (this.wireType === 0) this.varint();
    else if (this.wireType === 1) this.advance(8);
    else if (this.wireType === 2) this.advance(this.varint());
    else if (this.wireType === 5) this.advance(4);
    else throw new MalformedMessageError();
  }

  private advance(length: number): void {
    if (this.offset + length > this.source.length) throw new MalformedMessageError();
    this.offset += length;
  }
}
