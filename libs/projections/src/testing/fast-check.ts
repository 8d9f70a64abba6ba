/** fast-check's own settings for one property: `SEED=n` repeats a run that was red. */
export const runs = (numRuns: number): { numRuns: number; seed?: number } => {
  const seed = process.env['SEED'];
  return seed === undefined ? { numRuns } : { numRuns, seed: Number(seed) };
};
