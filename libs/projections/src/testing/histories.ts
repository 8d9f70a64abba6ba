import fc from 'fast-check';
import { actAtRandom, furnish } from './tenants';
import { type Choose, TinyCloud } from './tiny-cloud';

interface Past {
  readonly seed: number;
  readonly steps: number;
}

/** Pasts to make clouds of: real deciders, random tenants, random failures. */
export const pasts = (maxSteps: number): fc.Arbitrary<Past> =>
  fc.record({ seed: fc.integer({ min: 0, max: 0x7fff_ffff }), steps: fc.integer({ min: 1, max: maxSteps }) });

/** The same seed, the same choices. */
export function choosing(seed: number): Choose {
  let state = seed;
  // mulberry32: small, and good enough to choose by
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return n === 0 ? 0 : ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

/** The same seed and number of steps, the same past. */
export function cloudOf({ seed, steps }: Past): TinyCloud {
  const choose = choosing(seed);
  const cloud = new TinyCloud(choose);
  furnish(cloud);
  for (let step = 1; step <= steps; step += 1) actAtRandom(cloud, choose, step);
  return cloud;
}
