import { drawPlan } from './plan';
import { Random } from './random';
import { holdForSeeds } from './seeds';
import { simulate } from './simulation';

describe('the simulated cloud', () => {
  holdForSeeds(900_001, 10);

  it('does the same again from the same seed, to the byte', async () => {
    for (const seed of [3, 77]) {
      const [first, second] = [await simulate(seed), await simulate(seed)];
      expect(second.hash).toBe(first.hash);
      expect(second.steps).toBe(first.steps);
    }
    expect((await simulate(3)).hash).not.toBe((await simulate(4)).hash);
  });

  it('has at least 20 commands and 10 faults in each seed, and every kind of fault in some', () => {
    const plans = Array.from({ length: 300 }, (_, seed) => drawPlan(new Random(String(seed))));
    expect(Math.min(...plans.map(({ commands }) => commands))).toBeGreaterThanOrEqual(20);
    expect(Math.min(...plans.map(({ faultCount }) => faultCount))).toBeGreaterThanOrEqual(10);
    for (const kind of Object.keys(plans[0]?.faults ?? {}) as (keyof (typeof plans)[0]['faults'])[]) {
      expect(plans.some(({ faults }) => faults[kind] > 0)).toBe(true);
      // A controller dies in every world; of everything else some are spared.
      expect(plans.some(({ faults }) => faults[kind] === 0)).toBe(kind !== 'crash-controller');
    }
  });

  it('reaches what it is made for', async () => {
    const happened = new Map<string, number>();
    const answers = { accepted: 0, refused: 0, unanswered: 0 };
    let deaths = 0;
    for (let seed = 1; seed <= 12; seed += 1) {
      const result = await simulate(seed);
      for (const [kind, count] of result.faults) happened.set(kind, (happened.get(kind) ?? 0) + count);
      for (const key of ['accepted', 'refused', 'unanswered'] as const) answers[key] += result.answers[key] ?? 0;
      deaths += [...result.deaths.values()].reduce((sum, count) => sum + count, 0);
    }
    expect(answers.accepted).toBeGreaterThan(100);
    expect(answers.refused).toBeGreaterThan(20);
    expect(deaths).toBeGreaterThan(20);
    expect(happened.size).toBeGreaterThan(12);
  });
});
