import { INSTANCE, operation, running, uuid } from '../testing/examples';
import { after, NOW, specOf } from '../testing/given';
import { deletionOf, instance, type Instance } from './index';
import { newPlacement } from './placement/placement';

const lived: Instance = specOf(instance)(...running).state;
const kept: Instance = { ...lived, vmState: 'soft-delete', reclaimAt: after(60) };
const kinds = (state: Instance, seconds = 60): readonly string[] => deletionOf(state, seconds).map(({ name }) => name);
const doing = (name: string): Partial<Instance> => ({
  operation: { name, operationId: uuid(98), notAfter: operation.notAfter, input: { keepSeconds: 1 } },
});

describe('a deletion', () => {
  it('is soft where the cloud keeps servers, and at once where it does not', () => {
    expect(deletionOf(lived, 60)).toEqual([{ name: 'soft-delete', input: { keepSeconds: 60 } }]);
    expect(kinds(lived, 0)).toEqual(['delete']);
  });

  it('confirms first what was resized', () => {
    expect(kinds({ ...lived, vmState: 'resized' })).toEqual(['confirmResize', 'soft-delete']);
  });

  it('is at once of what never was on a host, moves, or is being deleted', () => {
    const moving = { placement: newPlacement('resize', operation.notAfter), ...doing('resize') };
    expect(kinds({ ...lived, vmState: 'error', host: undefined })).toEqual(['delete']);
    expect(kinds({ ...lived, ...moving })).toEqual(['delete']);
    expect(kinds({ ...lived, vmState: 'resized', ...doing('revertResize') })).toEqual(['delete']);
    expect(kinds({ ...lived, deletion: { operationId: uuid(98) } })).toEqual(['delete']);
  });

  it('takes the place of other work of the host, and a repeat changes nothing', () => {
    const ask = { type: 'SoftDeleteInstance', data: { keepSeconds: 60, notAfter: after(300) } } as const;
    const begun = instance.decide(ask, { ...lived, ...doing('reboot') }, NOW);
    expect(begun.map(({ type }) => type)).toEqual(['instance.soft-deletion-requested.v1']);
    expect(kinds({ ...lived, ...doing('soft-delete') })).toEqual(['soft-delete']);
    expect(instance.decide(ask, { ...lived, ...doing('soft-delete') }, NOW)).toEqual([]);
  });
});

describe('a soft-deleted server', () => {
  const [owed] = instance.due?.(kept) ?? [];

  it('owes its end from its moment on, by a command to itself', () => {
    expect(owed).toMatchObject({ kind: 'command', target: { id: INSTANCE }, notBefore: after(60) });
    expect(instance.due?.({ ...kept, ...doing('undelete') }).map(({ kind }) => kind)).toEqual(['job']);
  });

  it('is deleted then, unless it was restored or deleted again meanwhile', () => {
    const reclaim = { type: 'ReclaimInstance', data: { reclaimAt: after(60) } } as const;
    expect(instance.decide(reclaim, kept, NOW)).toMatchObject([{ type: 'instance.deletion-requested.v1' }]);
    for (const other of [{ reclaimAt: after(90) }, { vmState: 'active' as const }, doing('undelete')])
      expect(instance.decide(reclaim, { ...kept, ...other }, NOW)).toEqual([]);
  });

  it('counts its time from the request', () => {
    const ask = { type: 'SoftDeleteInstance', data: { keepSeconds: 60, notAfter: after(300) } } as const;
    const asked = instance.decide(ask, lived, NOW).reduce((state, event) => instance.evolve(state, event, NOW), lived);
    expect(asked.reclaimAt).toBe(after(60));
  });
});
