import type { VmState } from '@cairn/domain';

import { effectName, FlowLab, type Owed, type Treatment } from './flow-lab';
import { canBeRefused, type Flow, FLOWS, hasReason, SERVER } from './flows';

interface Ended {
  readonly vmState: VmState;
  readonly steps: readonly Owed[];
  readonly treated: boolean;
}

const applies = (treatment: Treatment, owed: Owed): boolean => {
  if (treatment === 'refused') return canBeRefused(owed);
  return treatment !== 'impossible' || owed.effect.kind === 'job';
};

/** Runs a flow from its beginning, with one treatment for the k-th effect (all of them: k undefined). */
async function run(flow: Flow, treatment?: Treatment, k?: number, forgetful = false): Promise<Ended> {
  const lab = new FlowLab();
  await lab.furnish();
  await flow.prepare(lab);
  await flow.begin(lab);
  const before = lab.done.length;
  lab.forgetful = forgetful;
  let treated = false;
  await lab.settle((owed: Owed, n) => {
    if (treatment === undefined || (k !== undefined && n !== k)) return undefined;
    if (!applies(treatment, owed)) return undefined;
    treated = true;
    return treatment;
  });
  const instance = await lab.instance(SERVER);
  const steps = lab.done.slice(before);
  const names = steps.map(effectName);
  expect({ flow: flow.name, treatment, k, names, violations: lab.violations() }).toMatchObject({ violations: [] });
  expect(hasReason(instance)).toBe(true);
  return { vmState: instance.vmState, steps, treated };
}

describe.each(FLOWS)('$name', (flow) => {
  it('ends as it should', async () => {
    const { vmState, steps } = await run(flow);
    expect(vmState).toBe(flow.end);
    expect(steps.length).toBeGreaterThan(0);
  });

  it('ends the same when every effect is carried out twice', async () => {
    expect((await run(flow, 'twice')).vmState).toBe(flow.end);
  });

  it('ends the same when every effect is carried out by a controller that remembers nothing', async () => {
    expect((await run(flow, 'twice', undefined, true)).vmState).toBe(flow.end);
  });

  it.each(['error-before', 'error-after'] as const)(
    'ends the same after an %s at each effect in turn',
    async (treatment) => {
      const { steps } = await run(flow);
      for (let k = 1; k <= steps.length; k += 1) {
        for (const forgetful of [false, true]) {
          const { vmState, treated } = await run(flow, treatment, k, forgetful);
          expect({ k, vmState, treated }).toEqual({ k, vmState: flow.end, treated: true });
        }
      }
    },
  );

  it.each(['refused', 'impossible'] as const)('ends well when each effect in turn is %s', async (treatment) => {
    const { steps } = await run(flow);
    let treatments = 0;
    for (let k = 1; k <= steps.length; k += 1) {
      const { vmState, treated } = await run(flow, treatment, k);
      if (treated) treatments += 1;
      expect({ k, vmState: treated ? flow.otherwise : [flow.end] }).toEqual({
        k,
        vmState: expect.arrayContaining([vmState]) as unknown,
      });
    }
    expect(treatments).toBe(steps.filter((owed) => applies(treatment, owed)).length);
  });
});
