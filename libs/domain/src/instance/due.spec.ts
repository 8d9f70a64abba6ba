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
  networkSpec,
  operation,
  PROJECT,
  refusedBy,
  request,
  running,
  stopped,
  uuid,
} from '../testing/examples';
import type { Effect } from '../kernel/effect';
import { after, specOf } from '../testing/given';
import { effect, job, owed, clearedAway } from '../testing/owing';
import { diskGb, hostClaimId, instanceSpec, taskState, instance, type InstanceEvent } from './index';

const given = specOf(instance);
const building: readonly InstanceEvent[] = [lived.requested, chosen(), claimed(), lived.allocated];
const deleting: readonly InstanceEvent[] = [...running, lived.deletionRequested];
const refusal = { code: 'x.y', message: 'No.', permanent: false };

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
      job: {
        resource: { category: 'instance', id: INSTANCE },
        generation: 1,
        payload: { spec: { power: 'running', nics: [{ address: '10.0.0.2' }] } },
      },
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
      command: {
        data: { claimId: hostClaimId(INSTANCE, 1), amounts: { diskGb: 23 }, forced: false, notAfter: LAUNCH_ENDS },
      },
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
      payload: { spec: { power: 'stopped' } },
    });
    expect(job('ensure-instance', ...asked('start', stopped)).job).toMatchObject({
      payload: { spec: { power: 'running' } },
    });
    expect(job('reboot-instance', ...running, rebooting).job).toMatchObject({
      payload: { type: 'soft', spec: { power: 'running' } },
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

  it('is that of the operation as a whole where a server that might have gone elsewhere stays', () => {
    const { state } = given(...running);
    const unshelve = { name: 'unshelve', operationId: uuid(71), input: { image: null }, notAfter: after(60) } as const;
    expect(taskState({ ...state, vmState: 'shelved', operation: unshelve })).toBe('unshelving');
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
