import { EFFECT_NAMES, streamRef } from '@cairn/domain';

import { FlowLab, nameOf, type Owed } from './flow-lab';
import { applies, type Flow, FLOWS, hasReason, SERVER } from './flows';
import { type Treatment, TREATMENTS } from './treatment';

interface Ended {
  readonly outcome: string;
  readonly steps: readonly Owed[];
  readonly treated: boolean;
}

/** Which effects were treated how, in any flow that ended well. */
const covered = new Map<Treatment, Set<string>>(TREATMENTS.map((treatment) => [treatment, new Set()]));

/** Runs a flow from its beginning, with one treatment for the k-th effect (all of them: k undefined). */
async function run(flow: Flow, treatment?: Treatment, k?: number, forgetful = false): Promise<Ended> {
  const lab = new FlowLab();
  await lab.furnish();
  await flow.prepare(lab);
  await flow.begin(lab);
  const before = lab.done.length;
  lab.forgetful = forgetful;
  const treated = new Set<string>();
  await lab.settle((owed: Owed, n) => {
    const { onExpired } = owed.effect;
    expect([nameOf(owed), onExpired !== undefined]).toEqual([nameOf(owed), applies('expired', nameOf(owed))]);
    if (treatment === undefined || (k !== undefined && n !== k)) return undefined;
    if (!applies(treatment, nameOf(owed))) return undefined;
    treated.add(nameOf(owed));
    return treatment;
  });
  const instance = await lab.state(streamRef('instance', SERVER));
  const steps = lab.done.slice(before);
  const names = steps.map(nameOf);
  expect({ flow: flow.name, treatment, k, names, violations: lab.violations() }).toMatchObject({ violations: [] });
  expect(hasReason(instance)).toBe(true);
  if (treatment !== undefined) for (const name of treated) covered.get(treatment)?.add(name);
  return { outcome: (await flow.outcome?.(lab)) ?? instance.vmState, steps, treated: treated.size > 0 };
}

describe.each(FLOWS)('$name', (flow) => {
  it('ends as it should', async () => {
    const { outcome, steps } = await run(flow);
    expect(outcome).toBe(flow.end);
    expect(steps.length).toBeGreaterThan(0);
  });

  it('ends the same when every effect is carried out twice', async () => {
    expect((await run(flow, 'twice')).outcome).toBe(flow.end);
  });

  it('ends the same when every effect is carried out by a controller that remembers nothing', async () => {
    expect((await run(flow, 'twice', undefined, true)).outcome).toBe(flow.end);
  });

  it.each(['error-before', 'error-after'] as const)(
    'ends the same after an %s at each effect in turn',
    async (treatment) => {
      const { steps } = await run(flow);
      for (let k = 1; k <= steps.length; k += 1) {
        for (const forgetful of [false, true]) {
          const { outcome, treated } = await run(flow, treatment, k, forgetful);
          expect({ k, outcome, treated }).toEqual({ k, outcome: flow.end, treated: true });
        }
      }
    },
  );

  it.each(['refused', 'impossible', 'expired', 'expired-late'] as const)(
    'ends well when each effect in turn is %s',
    async (treatment) => {
      const { steps } = await run(flow);
      let treatments = 0;
      for (let k = 1; k <= steps.length; k += 1) {
        const { outcome, treated } = await run(flow, treatment, k);
        if (treated) treatments += 1;
        expect({ k, outcome: treated ? flow.otherwise : [flow.end] }).toEqual({
          k,
          outcome: expect.arrayContaining([outcome]) as unknown,
        });
      }
      expect(treatments).toBe(steps.filter((owed) => applies(treatment, nameOf(owed))).length);
    },
  );
});

// After all flows: an effect that is new comes into EFFECT_NAMES by its aggregate, and into a flow because of this.
it.each(TREATMENTS)('every kind of effect was, in some flow, %s', (treatment) => {
  const expected = EFFECT_NAMES.filter((name) => applies(treatment, name));
  expect([...(covered.get(treatment) ?? [])].sort()).toEqual([...expected].sort());
});
