import { Duplex } from 'node:stream';

const WIDTH = 8;
const HEIGHT = 4;
/** 32 bits a pixel, true colour, as QEMU tells it. */
const PIXELS = Buffer.from([32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]);
/** Sizes of what clients send, by the first byte; those of variable length say it within these bytes. */
const SIZES: Readonly<Record<number, number>> = { 0: 20, 2: 4, 3: 10, 4: 8, 5: 6, 6: 8 };
/** More is no message of a client. */
const LONGEST = 1024 * 1024;

/** Reads from a client so many bytes at a time. */
class Client {
  private held = Buffer.alloc(0);
  private readonly chunks: AsyncIterator<Buffer | string>;

  constructor(source: AsyncIterable<Buffer | string>) {
    this.chunks = source[Symbol.asyncIterator]();
  }

  /** Fewer when it has gone. */
  async take(count: number): Promise<Buffer> {
    while (this.held.length < count) {
      const next = await this.chunks.next();
      if (next.done === true) break;
      this.held = Buffer.concat([this.held, Buffer.from(next.value)]);
    }
    const taken = this.held.subarray(0, count);
    this.held = this.held.subarray(count);
    return taken;
  }
}

/** The rest of a message whose length is within its head. */
function restOf(head: Buffer): number {
  if (head[0] === 2) return 4 * head.readUInt16BE(2);
  return head[0] === 6 ? head.readUInt32BE(4) : 0;
}

function serverInit(name: string): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt16BE(WIDTH, 0);
  size.writeUInt16BE(HEIGHT, 2);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(name));
  return Buffer.concat([size, PIXELS, length, Buffer.from(name)]);
}

/** One rectangle, the whole screen in one colour. */
function update(bytesPerPixel: number): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt16BE(1, 2);
  head.writeUInt16BE(WIDTH, 8);
  head.writeUInt16BE(HEIGHT, 10);
  return Buffer.concat([head, Buffer.alloc(WIDTH * HEIGHT * bytesPerPixel, 0x55)]);
}

async function* serve(name: string, source: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  const client = new Client(source);
  yield Buffer.from('RFB 003.008\n');
  await client.take(12);
  yield Buffer.from([1, 1]); // one type of security: none
  await client.take(1);
  yield Buffer.alloc(4);
  await client.take(1);
  yield serverInit(name);
  let bytesPerPixel = 4;
  for (;;) {
    const [type] = await client.take(1);
    const size = type === undefined ? undefined : SIZES[type];
    if (type === undefined || size === undefined) return;
    const head = Buffer.concat([Buffer.from([type]), await client.take(size - 1)]);
    if (head.length < size || restOf(head) > LONGEST) return;
    await client.take(restOf(head));
    if (type === 0) bytesPerPixel = Math.max(1, (head[4] ?? 0) >> 3);
    if (type === 3) yield update(bytesPerPixel);
  }
}

/** A small RFB server (RFC 6143) with a screen of one colour: what a guest's VNC server is to a proxy and to noVNC. */
export const simulatedScreen = (name: string): Duplex =>
  Duplex.from((source: AsyncIterable<Buffer | string>) => serve(name, source));
