import { CHOICE } from '../rotation/choice';
import { chosen } from '../rotation/wholes';

import { MUTANTS } from './mutants';
import { seedsFrom } from './pool/pool';
import { say, testPool } from './testing';

const MOST_SEEDS = 1_000;

describe('the simulation sees that', () => {
  const pool = testPool();

  it.each(chosen(CHOICE).mistakes.map((mutant) => [MUTANTS[mutant]?.mistake, mutant] as const))(
    '%s',
    async (mistake, mutant) => {
      // the first from seed 1 in whose world something does not hold
      let [caughtBy, shown] = [Infinity, ''];
      const visit = ({ result: { seed, violations } }: { result: { seed: number; violations: readonly string[] } }) => {
        if (violations.length > 0 && seed < caughtBy) [caughtBy, shown] = [seed, violations[0] ?? ''];
        return caughtBy === Infinity;
      };
      await pool.each(seedsFrom(1, MOST_SEEDS), visit, mutant);
      say(`seed ${String(caughtBy)} shows that ${String(mistake)}: ${shown.slice(0, 100)}`);
      expect(caughtBy).toBeLessThanOrEqual(MOST_SEEDS);
    },
    600_000,
  );

  it('nothing, when there is nothing to see', async () => {
    await pool.each(seedsFrom(1, 5), ({ result }) => {
      expect(result.violations).toEqual([]);
      return true;
    });
  });
});
