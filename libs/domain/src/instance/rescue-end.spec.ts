import { operation, running, uuid } from '../testing/examples';
import { after, NOW, specOf } from '../testing/given';
import { OTHER_IMAGE } from '../testing/operations';
import { instance, type Instance } from './index';

const lived: Instance = specOf(instance)(...running).state;
const rescue = { image: OTHER_IMAGE, kernel: null, ramdisk: null };
const rescued: Instance = { ...lived, vmState: 'rescued', rescue, rescueEndsAt: after(60) };
const end = { type: 'EndRescue', data: { rescueEndsAt: after(60) } } as const;
const doing: Partial<Instance> = {
  operation: { name: 'unrescue', operationId: uuid(98), notAfter: operation.notAfter, input: {} },
};

describe('a rescue with a time limit', () => {
  it('counts from the request, and one without a limit forgets that of the one before', () => {
    const ask = (input: object): Instance => {
      const command = { type: 'RescueInstance', data: { rescue, ...input, notAfter: after(300) } } as const;
      const before: Instance = { ...lived, rescueEndsAt: after(5) };
      return instance.decide(command, before, NOW).reduce((state, event) => instance.evolve(state, event, NOW), before);
    };
    expect(ask({ endsAfterMs: 60_000 }).rescueEndsAt).toBe(after(60));
    expect(ask({})).not.toHaveProperty('rescueEndsAt');
  });

  it('owes its end to itself, from its moment on, and not while something is under way', () => {
    expect(instance.due?.(rescued)).toMatchObject([{ kind: 'command', command: end, notBefore: after(60) }]);
    expect(instance.due?.({ ...rescued, ...doing }).map(({ kind }) => kind)).toEqual(['job']);
  });

  it('boots the guest from its own disk then, unless the rescue has ended', () => {
    expect(instance.decide(end, rescued, NOW)).toMatchObject([{ type: 'instance.unrescue-requested.v1' }]);
    for (const other of [{ rescueEndsAt: after(90) }, { vmState: 'active' as const }, doing])
      expect(instance.decide(end, { ...rescued, ...other }, NOW)).toEqual([]);
  });
});
