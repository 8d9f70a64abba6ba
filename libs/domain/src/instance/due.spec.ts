import {
  address,
  attemptFailed,
  chosen,
  claimed,
  facts,
  HOST_A,
  HOST_B,
  INSTANCE,
  LAUNCH_ENDS,
  lived,
  NET,
  NET_2,
  networkSpec,
  operation,
  PROJECT,
  refusedBy,
  request,
  running,
  stopped,
  uuid,
} from '../testing/examples';
import type { Effect, JobEffect } from '../kernel/effect';
import { after, specOf } from '../testing/given';
import { addressClaimId, diskGb, hostClaimId, instance, type InstanceEvent, instanceSpec, taskState } from './index';

const given = specOf(instance);
const building: readonly InstanceEvent[] = [lived.requested, chosen(), claimed(), lived.allocated];
const deleting: readonly InstanceEvent[] = [...running, lived.deletionRequested];
const refusal = { code: 'x.y', message: 'No.', permanent: false };

/** What an effect is about, in one word. */
const what = (effect: Effect): string =>
  effect.kind === 'command' ? effect.command.type : effect.kind === 'job' ? effect.job.kind : 'place';
const owed = (...history: readonly InstanceEvent[]): readonly string[] => given(...history).owed.map(what);
const effect = (name: string, ...history: readonly InstanceEvent[]): Effect => {
  const found = given(...history).owed.find((one) => what(one) === name);
  if (found === undefined) throw new Error(`${name} is not owed`);
  return found;
};
const job = (name: string, ...history: readonly InstanceEvent[]): JobEffect => effect(name, ...history) as JobEffect;

/** Releases what is due, one after the other, and says in which order. */
function clearedAway(history: readonly InstanceEvent[]): readonly (readonly string[])[] {
  const steps: string[][] = [];
  let events = [...history];
  for (let due = given(...events).owed; due.length > 0; due = given(...events).owed) {
    steps.push(due.map(what));
    const one = due[0] as Exclude<Effect, { kind: 'place' }>;
    const outcome = one.kind === 'job' ? one.onDone(facts, null) : one.onDone(undefined);
    const { state } = given(...events);
    events = [
      ...events,
      ...instance.decide(outcome as Parameters<typeof instance.decide>[0], state, { commandId: '', at: after(1) }),
    ];
  }
  return steps;
}

describe('a server that is being launched owes', () => {
  it('nothing before it is asked for, and nothing when that was abandoned', () => {
    expect(owed()).toEqual([]);
    expect(owed(lived.abandoned)).toEqual([]);
  });

  it('its addresses and a choice, which do not wait for each other', () => {
    expect(owed(lived.requested)).toEqual(['AllocateAddress', 'place']);
    expect(owed(lived.requested, lived.allocated)).toEqual(['place']);
    expect(owed(lived.requested, chosen())).toEqual(['AllocateAddress', 'ClaimCapacity']);
    expect(owed(lived.requested, chosen(), claimed())).toEqual(['AllocateAddress']);
  });

  it('the job once it has a host and all addresses', () => {
    expect(owed(...building)).toEqual(['ensure-instance']);
    expect(job('ensure-instance', ...building)).toMatchObject({
      hostId: HOST_A,
      job: { instanceId: INSTANCE, generation: 1, spec: { power: 'running', nics: [{ address: '10.0.0.2' }] } },
      dueBy: LAUNCH_ENDS,
    });
  });

  it('another choice when a host refused, without that host', () => {
    expect(effect('place', lived.requested, chosen(), refusedBy())).toMatchObject({
      request: { claimId: hostClaimId(INSTANCE, 2), excludedHosts: [HOST_A] },
    });
  });

  it('first of all the removal of a failed attempt; the choice waits, but not past the end of the launch', () => {
    const failed = [...building, attemptFailed()];
    expect(clearedAway(failed).slice(0, 3)).toEqual([
      ['remove-instance', 'place'],
      ['ReleaseCapacity', 'place'],
      ['place'],
    ]);
    expect(effect('place', ...failed)).toMatchObject({ notBefore: LAUNCH_ENDS, dueBy: LAUNCH_ENDS });
  });

  it('nothing more when the launch failed and all is given back', () => {
    expect(clearedAway([...building, lived.failed])).toEqual([
      ['remove-instance'],
      ['ReleaseCapacity', 'ReleaseAddress'],
      ['ReleaseAddress'],
    ]);
    expect(clearedAway([lived.requested, chosen(), lived.failed])[0]).toEqual(['ReleaseCapacity', 'ReleaseAddress']);
  });
});

describe('the effects of a launch', () => {
  it('ask for room for all disks, rounded up', () => {
    expect(diskGb(request.flavor)).toBe(23);
    expect(effect('place', lived.requested)).toMatchObject({
      request: { instanceId: INSTANCE, projectId: PROJECT, vcpus: 1, ramMb: 2048, diskGb: 23, forcedHost: null },
    });
    expect(effect('ClaimCapacity', lived.requested, chosen())).toMatchObject({
      target: { category: 'host', id: HOST_A },
      command: { data: { claimId: hostClaimId(INSTANCE, 1), diskGb: 23, forced: false, notAfter: LAUNCH_ENDS } },
    });
  });

  it('say that an administrator named the host', () => {
    const asked: InstanceEvent = {
      type: 'instance.launch-requested.v1',
      data: { ...lived.requested.data, forcedHost: 'a' },
    };
    expect(effect('ClaimCapacity', asked, chosen())).toMatchObject({ command: { data: { forced: true } } });
  });

  it('turn each outcome into a command of the server', () => {
    const place = effect('place', lived.requested) as Extract<Effect, { kind: 'place' }>;
    const failed = (code: string): unknown => ({
      type: 'FailLaunch',
      data: { code, message: expect.any(String) as unknown },
    });
    const choice = { hostId: HOST_A, hostName: 'node-a' };
    expect(place.onDone(choice)).toEqual({ type: 'RecordHostChosen', data: { ...choice, attempt: 1 } });
    expect(place.onRefused(refusal)).toEqual(failed('x.y'));
    expect(place.onExpired).toEqual(failed('instance.launch-timeout'));

    const claim = effect('ClaimCapacity', lived.requested, chosen()) as Extract<Effect, { kind: 'command' }>;
    const claimId = hostClaimId(INSTANCE, 1);
    expect(claim.onDone(undefined)).toEqual({ type: 'RecordHostClaimed', data: { claimId } });
    expect(claim.onRefused(refusal)).toEqual({
      type: 'RecordHostRefused',
      data: { claimId, code: 'x.y', message: 'No.' },
    });

    const allocate = effect('AllocateAddress', lived.requested) as Extract<Effect, { kind: 'command' }>;
    const { claimId: addressClaim, ...answer } = address;
    expect(allocate.command.data).toMatchObject({ claimId: addressClaim, address: null, notAfter: LAUNCH_ENDS });
    expect(allocate.onDone(answer)).toEqual({ type: 'RecordAddressAllocated', data: address });
    expect(allocate.onRefused(refusal)).toEqual(failed('x.y'));

    const launch = job('ensure-instance', ...building);
    const ended = { generation: 1, facts, restarted: null };
    expect(launch.onDone(facts, null)).toEqual({ type: 'RecordLaunched', data: ended });
    expect(launch.onRefused(refusal)).toEqual({ type: 'RecordAttemptFailed', data: { generation: 1, ...refusal } });
    expect(launch.onExpired).toMatchObject({ type: 'RecordAttemptFailed', data: { code: 'instance.launch-timeout' } });
  });
});

describe('a server with an operation owes', () => {
  const asked = (type: 'stop' | 'start', history: readonly InstanceEvent[]): readonly InstanceEvent[] => [
    ...history,
    { type: `instance.${type}-requested.v1`, data: operation },
  ];
  const rebooting: InstanceEvent = { type: 'instance.reboot-requested.v1', data: { ...operation, rebootType: 'soft' } };

  it('a job that says how it should be afterwards', () => {
    expect(job('ensure-instance', ...asked('stop', running)).job).toMatchObject({
      generation: 2,
      spec: { power: 'stopped' },
    });
    expect(job('ensure-instance', ...asked('start', stopped)).job).toMatchObject({ spec: { power: 'running' } });
    expect(job('reboot-instance', ...running, rebooting).job).toMatchObject({
      type: 'soft',
      spec: { power: 'running' },
    });
    expect(owed(...running)).toEqual([]);
    expect(owed(...stopped)).toEqual([]);
  });

  it('an outcome, also when the host does not answer', () => {
    const stop = job('ensure-instance', ...asked('stop', running));
    const { operationId } = operation;
    expect(stop.onDone(facts, null)).toEqual({
      type: 'RecordOperationDone',
      data: { operationId, facts, restarted: null },
    });
    expect(stop.onRefused(refusal)).toMatchObject({
      type: 'RecordOperationFailed',
      data: { operationId, code: 'x.y' },
    });
    expect(stop.dueBy).toBe(operation.notAfter);
    expect(stop.onExpired).toMatchObject({ type: 'RecordOperationFailed', data: { code: 'instance.stop-timeout' } });
  });

  it('nothing of it once it is to be deleted', () => {
    expect(owed(...running, rebooting, lived.deletionRequested)).toEqual(['remove-instance', 'ReleaseQuota']);
  });
});

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
  it('is done when whoever held it is gone', () => {
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

describe('ids of effects', () => {
  it.each([
    ['launch', building],
    ['next attempt', [...building, attemptFailed()]],
    ['deletion', deleting],
  ])('are the same whenever the history of a %s is folded again, and differ from each other', (_name, history) => {
    const ids = given(...history).owed.map(({ id }) => id);
    expect(given(...history).owed.map(({ id }) => id)).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('are new for each attempt on a host', () => {
    const second = [lived.requested, chosen(), refusedBy(), chosen(2, HOST_B)];
    expect(effect('ClaimCapacity', ...second).id).not.toBe(effect('ClaimCapacity', lived.requested, chosen()).id);
    expect(job('ensure-instance', ...second, claimed(2), lived.allocated).id).not.toBe(
      job('ensure-instance', ...building).id,
    );
  });
});

describe('the task that nova shows', () => {
  it.each([
    [null, running],
    ['scheduling', [lived.requested]],
    ['scheduling', [lived.requested, chosen()]],
    ['networking', [lived.requested, chosen(), claimed()]],
    ['spawning', building],
    ['deleting', deleting],
    ['powering-off', [...running, { type: 'instance.stop-requested.v1', data: operation }]],
    ['powering-on', [...stopped, { type: 'instance.start-requested.v1', data: operation }]],
    ['powering-on', [...running, { type: 'instance.host-restarted.v1', data: { ...operation, bootId: uuid(70) } }]],
    ['rebooting', [...running, { type: 'instance.reboot-requested.v1', data: { ...operation, rebootType: 'soft' } }]],
    [
      'rebooting_hard',
      [...running, { type: 'instance.reboot-requested.v1', data: { ...operation, rebootType: 'hard' } }],
    ],
  ] as readonly [string | null, readonly InstanceEvent[]][])('is %s', (task, history) => {
    expect(taskState(given(...history).state)).toBe(task);
  });
});

describe('the desired state', () => {
  it('is whole: flavor, image, name of the domain, and a card for each network in the order asked', () => {
    const spec = instanceSpec(given(...running).state, 'running');
    expect(spec).toMatchObject({
      domainName: 'instance-0000001a',
      hostname: 'web',
      vcpus: 1,
      image: request.image,
      nics: [{ network: networkSpec, mac: address.mac, address: address.address }],
    });
    expect(NET).toBe(networkSpec.networkId);
  });

  it('cannot be told of what is not there', () => {
    expect(() => instanceSpec(given().state, 'running')).toThrow('owes nothing');
  });
});
