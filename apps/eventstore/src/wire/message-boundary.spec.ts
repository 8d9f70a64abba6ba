import fc from 'fast-check';
import { MessageBoundary } from './message-boundary';

const framed = (size: number): Buffer => {
  const frame = Buffer.alloc(5 + size, 0xff);
  frame[0] = 0;
  frame.writeUInt32BE(size, 1);
  return frame;
};

describe('the boundary between the messages of a stream', () => {
  it.each([
    ['a whole message', [framed(3)], { bytes: 0, isSame: false }],
    ['an empty message', [framed(0)], { bytes: 0, isSame: false }],
    ['half a header', [framed(9).subarray(0, 2)], { bytes: 2, isSame: true }],
    ['a whole message and a part', [Buffer.concat([framed(3), framed(9).subarray(0, 7)])], { bytes: 7, isSame: false }],
    ['a part and more of it', [framed(9).subarray(0, 6), framed(9).subarray(6, 8)], { bytes: 8, isSame: true }],
  ])('is known after %s', (_what, pieces, rest) => {
    const boundary = new MessageBoundary();
    expect(pieces.map((piece) => boundary.take(piece)).at(-1)).toEqual(rest);
  });

  it('is the same however the stream is cut', () => {
    const sizes = fc.array(fc.nat(40), { maxLength: 12 });
    fc.assert(
      fc.property(sizes, fc.array(fc.nat(30)), (messages, cuts) => {
        const stream = Buffer.concat(messages.map(framed));
        const ends = messages.reduce<number[]>((all, size) => [...all, (all.at(-1) ?? 0) + 5 + size], []);
        const boundary = new MessageBoundary();
        for (let at = 0, n = 0; at < stream.length; n += 1) {
          const next = Math.min(stream.length, at + 1 + (cuts[n] ?? 0));
          const { bytes } = boundary.take(stream.subarray(at, next));
          expect(bytes).toBe(next - (ends.findLast((end) => end <= next) ?? 0));
          at = next;
        }
      }),
    );
  });
});
