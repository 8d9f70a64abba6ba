import { type FaultKind, FAULTS, drawPlan } from './plan';
import { Random } from './random';

it('each seed has at least 20 commands and 10 faults, and some have every kind of fault', () => {
  const plans = Array.from({ length: 300 }, (_, seed) => drawPlan(new Random(String(seed))));
  expect(Math.min(...plans.map(({ commands }) => commands))).toBeGreaterThanOrEqual(20);
  expect(Math.min(...plans.map(({ faultCount }) => faultCount))).toBeGreaterThanOrEqual(10);
  for (const kind of FAULTS) {
    const [some, none] = [plans.some(({ faults }) => faults[kind] > 0), plans.some(({ faults }) => faults[kind] === 0)];
    // A controller dies in every world; of everything else some are spared.
    const expected: readonly [FaultKind, boolean, boolean] = [kind, true, kind !== 'crash-controller'];
    expect([kind, some, none]).toEqual(expected);
  }
});
