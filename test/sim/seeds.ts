import { simulate } from './simulation';

/** `SEED=n` runs that one seed only. */
const asked = process.env['SEED'];

/** A test for each lot of seeds, so that a failure names its seed and how to see it again. */
export function holdForSeeds(first: number, count: number, lot = 25): void {
  const from = asked === undefined ? first : Number(asked);
  const to = asked === undefined ? first + count : from + 1;
  for (let begin = from; begin < to; begin += lot) {
    const end = Math.min(begin + lot, to);
    it(`holds for seeds ${String(begin)} to ${String(end - 1)}`, async () => {
      for (let seed = begin; seed < end; seed += 1) {
        const { violations } = await simulate(seed);
        const again = `npm run build && npm run sim -- --seed ${String(seed)} --trace`;
        expect({ seed, violations, again }).toEqual({ seed, violations: [], again });
      }
    }, 300_000);
  }
}
