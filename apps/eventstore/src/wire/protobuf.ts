/** Protobuf wire types that the encoders use. */
const VARINT = 0;
const LENGTH_DELIMITED = 2;

const TWO_32 = 2 ** 32;

/** Bytes of a varint; `value` is an integer from 0 to 2^53. */
function varintSize(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  if (value < 0x10000000) return 4;
  if (value < 0x800000000) return 5;
  if (value < 0x40000000000) return 6;
  if (value < 0x2000000000000) return 7;
  return 8;
}

/** Bytes of a varint field with its tag; field numbers are below 16 here, so a tag is one byte. */
export function varintFieldSize(value: number): number {
  return 1 + varintSize(value);
}

/** Bytes of a length-delimited field with its tag, around a body of `length` bytes. */
export function lengthFieldSize(length: number): number {
  return 1 + varintSize(length) + length;
}

/** Bytes of a varint that holds a signed 64-bit integer given as two halves. */
export function varint64Size(high: number, low: number): number {
  if (high === 0) return varintSize(low);
  if (high < 0x200000) return varintSize(high * TWO_32 + low);
  if (high < 0x1000000) return 8;
  return high < 0x80000000 ? 9 : 10;
}

/** Writes protobuf fields into one buffer whose exact size the caller has computed before. */
export class ProtobufWriter {
  readonly buffer: Buffer;
  private offset = 0;

  constructor(size: number) {
    this.buffer = Buffer.allocUnsafe(size);
  }

  varintField(field: number, value: number): void {
    this.buffer[this.offset++] = (field << 3) | VARINT;
    this.varint(value);
  }

  /** Opens a length-delimited field; the caller writes exactly `length` bytes of body next. */
  open(field: number, length: number): void {
    this.buffer[this.offset++] = (field << 3) | LENGTH_DELIMITED;
    this.varint(length);
  }

  bytesField(field: number, body: Uint8Array): void {
    this.open(field, body.length);
    this.raw(body);
  }

  /** ASCII only. */
  asciiField(field: number, text: string): void {
    this.open(field, text.length);
    this.offset += this.buffer.write(text, this.offset, 'latin1');
  }

  raw(body: Uint8Array): void {
    this.buffer.set(body, this.offset);
    this.offset += body.length;
  }

  /** A varint field of a signed 64-bit integer, given as unsigned 32-bit halves. */
  varint64Field(field: number, high: number, low: number): void {
    this.buffer[this.offset++] = (field << 3) | VARINT;
    let [upper, lower] = [high, low];
    while (upper > 0 || lower >= 0x80) {
      this.buffer[this.offset++] = (lower & 0x7f) | 0x80;
      lower = ((lower >>> 7) | ((upper & 0x7f) << 25)) >>> 0;
      upper >>>= 7;
    }
    this.buffer[this.offset++] = lower;
  }

  private varint(value: number): void {
    let rest = value;
    while (rest >= TWO_32) {
      this.buffer[this.offset++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 0x80) {
      this.buffer[this.offset++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[this.offset++] = rest;
  }
}
