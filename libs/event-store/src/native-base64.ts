import { Message } from 'google-protobuf';

const own = Message.bytesAsU8.bind(Message);

/**
 * Lets Node.js take base64 apart, which it does ten times as fast as google-protobuf, letter by letter: the client gives an
 * event's data in that form, and has them taken apart twice for each append, for their length and to send them.
 */
export function withNativeBase64(): void {
  Message.bytesAsU8 = (value) => {
    if (typeof value !== 'string') return own(value);
    const { buffer, byteOffset, byteLength } = Buffer.from(value, 'base64');
    return new Uint8Array(buffer, byteOffset, byteLength);
  };
}
