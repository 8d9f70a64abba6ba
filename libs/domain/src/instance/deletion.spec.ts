import { chosen, claimed, INSTANCE, lived, NET_2, request, running, uuid } from '../testing/examples';
import type { Effect } from '../kernel/effect';
import { after, specOf } from '../testing/given';
import { effect, job, owed, clearedAway } from '../testing/owing';
import { addressClaimId, taskState, instance, type InstanceEvent } from './index';

const given = specOf(instance);
const deleting: readonly InstanceEvent[] = [...running, lived.deletionRequested];
const refusal = { code: 'x.y', message: 'No.', permanent: false };

describe('a server that is being deleted', () => {
  it('gives back the domain first, then claim and addresses; the quota waits for nothing', () => {
    expect(clearedAway(deleting)).toEqual([
      ['remove-instance', 'ReleaseQuota'],
      ['ReleaseCapacity', 'ReleaseAddress', 'ReleaseQuota'],
      ['ReleaseAddress', 'ReleaseQuota'],
      ['ReleaseQuota'],
    ]);
  });

  it('is deleted with the last thing that it gave back, and then owes nothing', () => {
    const debtId = given(lived.requested, lived.failed, lived.deletionRequested).state.debts.map(({ id }) => id);
    const rest = given(lived.requested, lived.failed, lived.deletionRequested, {
      type: 'instance.released.v1',
      data: { debtId: debtId[0] ?? '', kind: 'address' },
    });
    const last = rest.when({ type: 'RecordReleased', data: { debtId: debtId[1] ?? '' } });
    last.then(
      { type: 'instance.released.v1', data: { debtId: debtId[1] ?? '', kind: 'quota' } },
      { type: 'instance.deleted.v1', data: { instanceId: INSTANCE } },
    );
    expect(last.state.vmState).toBe('deleted');
    expect(instance.due?.(last.state)).toEqual([]);
    expect(taskState(last.state)).toBeNull();
  });

  it('is asked for once; a second time changes nothing, and what is gone is not found', () => {
    const remove = { type: 'DeleteInstance', data: {} } as const;
    given(...running)
      .when(remove, { commandId: uuid(99) })
      .then(lived.deletionRequested);
    given(...deleting)
      .when(remove)
      .thenNothing();
    given().when(remove).thenRefuses('instance.not-found');
  });

  it('gives back a claim and an address that may be on their way', () => {
    expect(owed(lived.requested, chosen(), lived.deletionRequested)).toEqual([
      'ReleaseCapacity',
      'ReleaseAddress',
      'ReleaseQuota',
    ]);
  });

  it('gives back twice what two networks gave, once what both lists name', () => {
    const two: InstanceEvent = {
      type: 'instance.launch-requested.v1',
      data: { ...lived.requested.data, networks: [...request.networks, { networkId: NET_2, address: '10.1.0.7' }] },
    };
    expect(effect('AllocateAddress', two, lived.allocated)).toMatchObject({
      target: { id: NET_2 },
      command: { data: { address: '10.1.0.7', claimId: addressClaimId(INSTANCE, NET_2) } },
    });
    expect(taskState(given(two, chosen(), claimed(), lived.allocated).state)).toBe('networking');
    expect(owed(two, lived.allocated, lived.deletionRequested)).toEqual([
      'ReleaseAddress',
      'ReleaseAddress',
      'ReleaseQuota',
    ]);
  });
});

describe('what is given back', () => {
  it('is done when its holder is gone', () => {
    for (const name of ['ReleaseCapacity', 'ReleaseAddress', 'ReleaseQuota']) {
      const release = effect(name, lived.requested, chosen(), lived.deletionRequested) as Extract<
        Effect,
        { kind: 'command' }
      >;
      expect(release.onRefused(refusal)).toEqual({ type: 'RecordReleased', data: { debtId: release.id } });
      expect(release.onDone(undefined)).toEqual(release.onRefused(refusal));
    }
  });

  it('is counted once', () => {
    given(...deleting)
      .when({ type: 'RecordReleased', data: { debtId: uuid(5) } })
      .thenNothing();
  });
});

describe('a removal that the host could not do', () => {
  const first = job('remove-instance', ...deleting);
  const failing = first.onRefused({ code: 'disk.failed', message: 'Busy.', permanent: false });
  const failed = (attempt: number): InstanceEvent => {
    const { id } = given(...deleting).state.debts[0] ?? { id: '' };
    return { type: 'instance.removal-failed.v1', data: { debtId: id, attempt, code: 'disk.failed', message: 'Busy.' } };
  };

  it('is recorded and tried again, under another id, after twice the time up to five minutes', () => {
    given(...deleting)
      .when(failing as Parameters<typeof instance.decide>[0])
      .then(failed(1));
    const second = job('remove-instance', ...deleting, failed(1));
    expect(first.notBefore).toBeUndefined();
    expect(second).toMatchObject({ notBefore: after(2), job: first.job });
    expect(second.id).not.toBe(first.id);
    expect(job('remove-instance', ...deleting, failed(1), failed(2)).notBefore).toBe(after(4));
    const many = Array.from({ length: 20 }, (_, i) => failed(i + 1));
    expect(job('remove-instance', ...deleting, ...many).notBefore).toBe(after(300));
  });

  it('is never given up', () => {
    expect(first.dueBy).toBeUndefined();
    expect(first.onExpired).toBeUndefined();
  });

  it('counts once, and only for what is a removal', () => {
    const command = failing as Parameters<typeof instance.decide>[0];
    given(...deleting, failed(1))
      .when(command)
      .thenNothing();
    given(...running)
      .when(command)
      .thenNothing();
    const claim = given(...deleting).state.debts[1]?.id ?? '';
    given(...deleting)
      .when({ type: 'RecordRemovalFailed', data: { debtId: claim, attempt: 1, code: 'a', message: 'b' } })
      .thenNothing();
    expect(
      given(...deleting, { ...failed(1), data: { ...failed(1).data, debtId: claim } } as InstanceEvent).state.debts,
    ).toEqual(given(...deleting).state.debts);
  });
});
