/** gRPC puts five bytes before each message: a flag for compression, and the length. */
export const HEADER_BYTES = 5;

/** A batch that has grown to this is sent at once; a single message may be larger. */
const BATCH_BYTES = 64 * 1024;

/**
 * Collects encoded messages of one call and hands them over many at a time. A write to a gRPC stream costs more than
 * encoding the event in it, so what becomes ready together travels together. What is added is sent after the work that
 * the event loop has at hand, or at once when it has become large.
 */
export class FrameBatch {
  private messages: Buffer[] = [];
  private bytes = 0;
  private flushing: NodeJS.Immediate | undefined;

  /** @param write takes the framed messages; false means that the reader is not keeping up */
  constructor(private readonly write: (batch: Buffer) => boolean) {}

  /** @returns false when the reader is not keeping up */
  add(message: Buffer): boolean {
    this.messages.push(message);
    this.bytes += HEADER_BYTES + message.length;
    if (this.bytes >= BATCH_BYTES) return this.flush();
    this.flushing ??= setImmediate(() => {
      this.flush();
    });
    return true;
  }

  /** Sends the collected messages. */
  flush(): boolean {
    if (this.flushing !== undefined) clearImmediate(this.flushing);
    this.flushing = undefined;
    if (this.messages.length === 0) return true;
    const batch = framed(this.messages, this.bytes);
    this.messages = [];
    this.bytes = 0;
    return this.write(batch);
  }
}

/**
 * Several messages as one that grpc-js (pinned) can send: it makes room for one header and has the message copied behind
 * it, so this one's `copy` writes all frames with their own headers from the very beginning.
 */
function framed(messages: readonly Buffer[], bytes: number): Buffer {
  const frames = Buffer.allocUnsafe(bytes);
  let offset = 0;
  for (const message of messages) {
    frames[offset] = 0;
    frames.writeUInt32BE(message.length, offset + 1);
    frames.set(message, offset + HEADER_BYTES);
    offset += HEADER_BYTES + message.length;
  }
  const body = frames.subarray(HEADER_BYTES);
  return Object.assign(body, { copy: (target: Uint8Array): number => frames.copy(target) });
}
