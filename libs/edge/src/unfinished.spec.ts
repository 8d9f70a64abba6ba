import { type GivenUp, Unfinished } from './unfinished';

/** What a piece costs besides its bytes. */
const PIECE = 256;

describe('what has not arrived whole', () => {
  it('is counted until it ends, also when it ends twice', () => {
    const unfinished = new Unfinished(10_000, 1_000);
    const [a, b] = [unfinished.begin(() => undefined), unfinished.begin(() => undefined)];
    a.grow(100);
    b.grow(10);
    b.grow(0);
    expect(unfinished.heldBytes).toBe(110 + 3 * PIECE);
    a.end();
    a.end();
    a.grow(500);
    expect(unfinished.heldBytes).toBe(10 + 2 * PIECE);
    b.end();
    expect(unfinished.heldBytes).toBe(0);
  });

  it('gives place when there is too much, what began first', () => {
    const unfinished = new Unfinished(3 * (100 + PIECE), 1_000);
    const told: string[] = [];
    const begin = (name: string) => unfinished.begin((why: GivenUp) => told.push(`${name} ${why}`));
    const [a, b, c] = [begin('a'), begin('b'), begin('c')];
    for (const one of [c, b, a]) one.grow(100);
    c.grow(50);
    expect(told).toEqual(['a crowded']);
    for (let i = 0; i < 20; i += 1) c.grow(50);
    expect(told).toEqual(['a crowded', 'b crowded', 'c crowded']);
    expect(unfinished.heldBytes).toBe(0);
  });

  it('is given up when it takes too long', () => {
    jest.useFakeTimers();
    try {
      const unfinished = new Unfinished(1_000, 5_000);
      const told: string[] = [];
      const whole = unfinished.begin((why) => told.push(`whole ${why}`));
      unfinished.begin((why) => told.push(`half ${why}`)).grow(1);
      jest.advanceTimersByTime(4_999);
      whole.end();
      jest.advanceTimersByTime(10_000);
      expect([told, unfinished.heldBytes]).toEqual([['half late'], 0]);
    } finally {
      jest.useRealTimers();
    }
  });
});
