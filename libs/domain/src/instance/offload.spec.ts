import { chosen, HOST_A, lived, operation, running, stoppedFacts, uuid } from '../testing/examples';
import { after, specOf } from '../testing/given';
import { clearedAway, effect, job, owed } from '../testing/owing';
import { requestNamed } from '../testing/operations';
import { hostOf, instance, type InstanceEvent, taskState } from './index';

const given = specOf(instance);
const ID = operation.operationId;

const shelved = (offloadAfterMs: number | null): readonly InstanceEvent[] => [
  ...running,
  {
    type: 'instance.shelve-requested.v1',
    data: { ...requestNamed('shelve').input, offloadAfterMs, ...operation },
  },
  { type: 'instance.shelved.v1', data: { operationId: ID, facts: stoppedFacts } },
];
const asked: InstanceEvent = { type: 'instance.offload-requested.v1', data: {} };
const offloaded: InstanceEvent = { type: 'instance.offloaded.v1', data: {} };
const offloading = [...shelved(null), asked];
const DEBT = given(...offloading).state.debts.find(({ kind }) => kind === 'domain')?.id ?? '';
const released: InstanceEvent = { type: 'instance.released.v1', data: { debtId: DEBT, kind: 'domain' } };
const record = { type: 'RecordReleased', data: { debtId: DEBT } } as const;

describe('a shelved server', () => {
  it('shows no host until it has been unshelved, also when it is deleted before that', () => {
    const data = { ...requestNamed('unshelve').input, ...operation, operationId: uuid(98) };
    const coming = [
      ...[...offloading, released, offloaded],
      { type: 'instance.unshelve-requested.v1', data },
      { ...chosen(2), data: { ...chosen(2).data, purpose: 'unshelve' } },
    ] as InstanceEvent[];
    const { state } = given(...coming);
    expect([state.placement?.target?.hostId, hostOf(state)]).toEqual([HOST_A, undefined]);
    expect(hostOf(given(...coming, lived.deletionRequested).state)).toBeUndefined();
  });

  it('is on its host until that has cleared it away, and then offloaded', () => {
    const { state } = given(...offloading);
    expect([state.vmState, taskState(state), state.host?.hostId]).toEqual(['shelved', 'shelving_offloading', HOST_A]);
    expect(owed(...offloading)).toEqual(['remove-instance']);
    const cleared = given(...offloading).when(record);
    cleared.then(released, offloaded);
    expect([cleared.state.vmState, taskState(cleared.state), cleared.state.host]).toEqual([
      'shelved_offloaded',
      null,
      undefined,
    ]);
    expect(owed(...offloading, released, offloaded)).toEqual(['ReleaseCapacity']);
  });

  it('leaves its host when it is time, unless it comes back or leaves it already', () => {
    const { target, command, notBefore } = effect('OffloadShelved', ...shelved(60_000)) as never as {
      target: object;
      command: Parameters<ReturnType<typeof given>['when']>[0];
      notBefore: string;
    };
    expect([target, notBefore]).toEqual([{ category: 'instance', id: uuid(1) }, after(60)]);
    given(...shelved(60_000))
      .when(command)
      .then(asked);
    const back: InstanceEvent = {
      type: 'instance.unshelve-requested.v1',
      data: { ...requestNamed('unshelve').input, ...operation, operationId: uuid(98) },
    };
    for (const busy of [[asked], [back]])
      given(...shelved(60_000), ...busy)
        .when(command)
        .thenNothing();
    expect(owed(...shelved(null))).toEqual([]);
  });

  it('stays shelved while its host cannot clear it away, which is tried again', () => {
    const failed: InstanceEvent = {
      type: 'instance.removal-failed.v1',
      data: { debtId: DEBT, attempt: 1, code: 'hypervisor.failed', message: 'No.' },
    };
    expect(given(...offloading, failed).state.vmState).toBe('shelved');
    expect(job('remove-instance', ...offloading, failed)).toMatchObject({ notBefore: after(2) });
  });

  it('that is deleted meanwhile is never offloaded', () => {
    const deleting: InstanceEvent = {
      type: 'instance.deletion-requested.v1',
      data: { process: 1, operationId: uuid(97) },
    };
    given(...offloading, deleting)
      .when(record)
      .then(released);
    const done = clearedAway([...offloading, deleting]).map(([first]) => first);
    expect(done).toEqual(['remove-instance', 'ReleaseCapacity', 'ReleaseAddress', 'DeleteImage', 'ReleaseQuota']);
  });

  it('of a log of 0.1 is offloaded before its host has cleared it away', () => {
    const { state } = given(...shelved(null), offloaded);
    expect([state.vmState, state.host]).toEqual(['shelved_offloaded', undefined]);
    expect(owed(...shelved(null), offloaded)).toEqual(['remove-instance']);
    given(...shelved(null), offloaded)
      .when({ type: 'RecordReleased', data: { debtId: state.debts[0]?.id ?? '' } })
      .then({ type: 'instance.released.v1', data: { debtId: state.debts[0]?.id ?? '', kind: 'domain' } });
  });
});
