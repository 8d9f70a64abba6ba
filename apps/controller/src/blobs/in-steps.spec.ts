import { inSteps } from './in-steps';

const MIB = 1024 * 1024;

async function* chunks(...sizes: readonly number[]): AsyncIterable<Uint8Array> {
  for (const size of sizes) yield await Promise.resolve(Buffer.alloc(size));
}

describe('bytes in steps', () => {
  it('asks before the first, and again after each 16 MiB', async () => {
    const asked: (readonly number[])[] = [];
    let passed = 0;
    const steps = inSteps(chunks(1, 9 * MIB, 9 * MIB, 1, 20 * MIB), (...come) => {
      asked.push([...come, passed]);
      return Promise.resolve();
    });
    let next = await steps.next();
    for (; next.done !== true; next = await steps.next()) passed += next.value.byteLength;
    expect(asked).toEqual([
      [1, 1, 0],
      [18 * MIB + 1, 9 * MIB, 9 * MIB + 1],
      [38 * MIB + 2, 20 * MIB, 18 * MIB + 2],
    ]);
    expect(next.value).toBe(38 * MIB + 2);
  });

  it('ends with the error of who says no, and lets go of the source', async () => {
    let ended = false;
    const source = (async function* (): AsyncIterable<Uint8Array> {
      try {
        yield* chunks(1, 1);
      } finally {
        ended = true;
      }
    })();
    const steps = inSteps(source, () => Promise.reject(new Error('no more')));
    await expect(steps.next()).rejects.toThrow('no more');
    expect(ended).toBe(true);
  });
});
