import { EventEmitter } from 'node:events';
import { PartialMessages } from './partial-messages';

/** What a piece costs besides its bytes. */
const PIECE = 256;

/** The beginning of a message of a thousand bytes. */
const beginning = (bytes: number): Buffer => {
  const piece = Buffer.alloc(bytes);
  piece.writeUInt32BE(1_000, 1);
  return piece;
};

describe('messages that are not whole', () => {
  const streams = (
    count: number,
    halves: PartialMessages,
  ): { readonly all: EventEmitter[]; readonly given: string[] } => {
    const given: string[] = [];
    const all = Array.from({ length: count }, (_, n) => {
      const stream = new EventEmitter();
      halves.watch(stream as never, (why) => given.push(`${String(n)}: ${why}`));
      return stream;
    });
    return { all, given };
  };

  it('are counted until they are whole, or their stream is gone', () => {
    const halves = new PartialMessages(10_000);
    const { all } = streams(2, halves);
    for (const stream of all) stream.emit('data', beginning(100));
    expect(halves.heldBytes).toBe(2 * (100 + PIECE));
    all[0]?.emit('data', Buffer.alloc(905));
    expect(halves.heldBytes).toBe(100 + PIECE);
    all[1]?.emit('close');
    expect(halves.heldBytes).toBe(0);
  });

  it('are given up when there is too much of them, the one that began first', () => {
    const halves = new PartialMessages(2 * (100 + PIECE) + 50);
    const { all, given } = streams(3, halves);
    for (const stream of all) stream.emit('data', beginning(100));
    expect(given).toEqual([expect.stringMatching(/^0: too much/)]);
    expect(halves.heldBytes).toBe(2 * (100 + PIECE));
    all[2]?.emit('data', Buffer.alloc(100));
    expect(given).toHaveLength(2);
    expect(halves.heldBytes).toBe(200 + 2 * PIECE);
  });

  it('are given up when they take too long, and not when they are whole in time', () => {
    jest.useFakeTimers();
    try {
      const halves = new PartialMessages(10_000, 5_000);
      const { all, given } = streams(2, halves);
      for (const stream of all) stream.emit('data', beginning(100));
      jest.advanceTimersByTime(4_999);
      all[0]?.emit('data', Buffer.concat([Buffer.alloc(905), beginning(10)]));
      jest.advanceTimersByTime(4_999);
      expect(given).toEqual(['1: a message took longer than 5000 ms to arrive']);
      expect(halves.heldBytes).toBe(10 + PIECE);
    } finally {
      jest.useRealTimers();
    }
  });
});
