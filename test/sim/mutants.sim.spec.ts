import { MUTANTS } from './mutants';
import { simulate } from './simulation';

const MOST_SEEDS = 1_000;

/** The first seed from 1 whose world shows that something is wrong. */
async function caughtBy(): Promise<number | undefined> {
  for (let seed = 1; seed <= MOST_SEEDS; seed += 1) if ((await simulate(seed)).violations.length > 0) return seed;
  return undefined;
}

describe('the simulation sees that', () => {
  it.each(MUTANTS.map((mutant) => [mutant.mistake, mutant] as const))(
    '%s',
    async (_mistake, mutant) => {
      const takeOut = mutant.plant();
      try {
        const seed = await caughtBy();
        expect(seed).toBeDefined();
        if (process.env['SHOW'] !== undefined) process.stdout.write(`seed ${String(seed)}: ${mutant.mistake}\n`);
      } finally {
        takeOut();
      }
    },
    600_000,
  );
});
