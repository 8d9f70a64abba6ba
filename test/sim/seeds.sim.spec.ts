import { CHOICE } from '../rotation/choice';
import { chosen, WHOLES } from '../rotation/wholes';
import { describeWhere } from '../support/describe-where';

import { FAULTS, LOG_FAULTS } from './plan';
import { Tally } from './tally';
import { say, testPool } from './testing';

/** `SEED=n` runs that one seed only. */
const asked = process.env['SEED'];
const LIMIT_MS = 1_800_000;
/** So many further seeds fit into the time of a short run, which may leave out so many steps; a deep run none. */
const [MOST_FURTHER, MOST_UNTOUCHED] = CHOICE.deep ? [0, 0] : [500, 10];

describe('the simulated cloud', () => {
  const pool = testPool();
  const tally = new Tally();

  it(
    asked === undefined ? 'holds for every seed that comes up' : `holds for seed ${asked}`,
    async () => {
      const { seeds } = asked === undefined ? chosen(CHOICE) : { seeds: [Number(asked)] };
      // Where a process died at none of some effect's steps, further ones see to it.
      const further =
        asked === undefined ? WHOLES.seeds.members.filter((seed) => !seeds.includes(seed)).slice(0, MOST_FURTHER) : [];
      await pool.each([...seeds, ...further], (done) => {
        tally.add(done);
        return (
          tally.failures.length === 0 &&
          (tally.worlds < seeds.length || tally.coverage.untouched().length > MOST_UNTOUCHED)
        );
      });
      say(tally.summary());
      expect(tally.failures).toEqual([]);
    },
    LIMIT_MS,
  );

  describeWhere(asked === undefined ? null : 'SEED asks for one seed', 'in all these seeds', () => {
    it('dies at nearly every step of every kind of effect; in a deep run at each, before, during and after it', () => {
      say(`\n${tally.coverage.stepTable()}`);
      expect(tally.coverage.untouched().slice(MOST_UNTOUCHED)).toEqual([]);
      if (CHOICE.deep) expect(tally.coverage.gaps()).toEqual([]);
    });

    it('has two controllers at once in about half of the worlds', () => {
      expect(tally.shared / tally.worlds).toBeGreaterThan(0.4);
      expect(tally.shared / tally.worlds).toBeLessThan(0.6);
    });

    it('accepts, refuses and leaves unanswered, and has every kind of fault', () => {
      expect(tally.answers.get('accepted')).toBeGreaterThan(10 * tally.worlds);
      expect(tally.answers.get('refused')).toBeGreaterThan(tally.worlds);
      expect(tally.answers.get('unanswered')).toBeGreaterThan(tally.worlds / 2);
      expect([...tally.faults.keys()].sort()).toEqual([...FAULTS, ...LOG_FAULTS].sort());
    });
  });

  it('does the same again from the same seed, to the byte, in another process', async () => {
    const runs = await Promise.all([3, 77, 3, 77, 4].map((seed) => pool.run({ seed })));
    const [three, many, threeAgain, manyAgain, four] = runs.map(
      ({ result }) => `${result.hash} ${String(result.steps)}`,
    );
    expect([threeAgain, manyAgain]).toEqual([three, many]);
    expect(four).not.toBe(three);
  });
});
