import { Message } from 'google-protobuf';
import { withNativeBase64 } from './native-base64';

const own = Message.bytesAsU8.bind(Message);

describe('withNativeBase64', () => {
  const texts = ['', 'a', 'ab', 'abc', '{"name":"Zürich 🏔"}', '\u0000\u0001', 'x'.repeat(100_000)];

  it.each(texts)('takes base64 apart as google-protobuf does: %.20s', (text) => {
    const base64 = Buffer.from(text).toString('base64');
    const before = own(base64);
    withNativeBase64();
    const bytes = Message.bytesAsU8(base64);
    expect(bytes.constructor).toBe(Uint8Array); // others are copied when they are written
    expect([...bytes]).toEqual([...before]);
    expect(Buffer.from(bytes).toString()).toBe(text);
  });

  it('gives bytes back as they are', () => {
    const bytes = new Uint8Array([1, 2, 3]);
    withNativeBase64();
    expect(Message.bytesAsU8(bytes as unknown as string)).toBe(bytes); // its types know only text
  });
});
