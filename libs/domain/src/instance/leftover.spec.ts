import { INSTANCE, HOST_A, running, uuid } from '../testing/examples';
import { NOW, specOf } from '../testing/given';
import { instance, type Instance, type InstanceCommand } from './index';

const lived: Instance = specOf(instance)(...running).state;
const gone: Instance = { ...lived, vmState: 'deleted', deletion: { operationId: uuid(98) }, debts: [] };
const decide = (command: InstanceCommand, state: Instance): Instance =>
  instance.decide(command, state, NOW).reduce((before, event) => instance.evolve(before, event, NOW), state);
const found = (report = uuid(90)): InstanceCommand => ({
  type: 'RecordLeftover',
  data: { hostId: HOST_A, found: report },
});

describe('a guest of a deleted server', () => {
  it('is removed where it was found, and the server stays deleted', () => {
    const owing = decide(found(), gone);
    const [removal] = instance.due?.(owing) ?? [];
    expect(removal).toMatchObject({
      kind: 'job',
      hostId: HOST_A,
      job: { kind: 'remove-instance', resource: { id: INSTANCE } },
    });
    const [debt] = owing.debts;
    const removed = instance.decide({ type: 'RecordReleased', data: { debtId: debt?.id ?? '' } }, owing, NOW);
    expect(removed.map(({ type }) => type)).toEqual(['instance.released.v1']);
    expect(instance.due?.(removed.reduce((before, event) => instance.evolve(before, event, NOW), owing))).toEqual([]);
  });

  it('is removed once, however often it is found meanwhile, and again when it comes back', () => {
    const owing = decide(found(), gone);
    expect(decide(found(uuid(91)), owing)).toBe(owing);
    const again = decide(found(uuid(91)), gone).debts.map(({ id }) => id);
    expect(again).not.toEqual(owing.debts.map(({ id }) => id));
  });

  it('is left alone while the server is not deleted: its own debts settle that', () => {
    expect(decide(found(), lived)).toBe(lived);
    const deleting: Instance = { ...lived, deletion: { operationId: uuid(98) } };
    expect(decide(found(), deleting)).toBe(deleting);
  });
});
