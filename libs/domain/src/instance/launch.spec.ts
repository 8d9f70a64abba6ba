import { NOW, specOf } from '../testing/given';
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
  refusedBy,
  request,
  running,
  uuid,
} from '../testing/examples';
import { after } from '../testing/given';
import {
  addressesOf,
  hostClaimId,
  instance,
  MAX_LAUNCH_ATTEMPTS,
  type InstanceCommand,
  type InstanceEvent,
} from './index';

const given = specOf(instance);
const building: readonly InstanceEvent[] = [lived.requested, chosen(), claimed(), lived.allocated];
const launched: InstanceCommand = { type: 'RecordLaunched', data: { generation: 1, facts, restarted: null } };
const attemptFails = (permanent = false, generation = 1): InstanceCommand => ({
  type: 'RecordAttemptFailed',
  data: { generation, code: 'disk.failed', message: 'The disk is full.', permanent },
});
const hostRefuses = (attempt = 1): InstanceCommand => ({
  type: 'RecordHostRefused',
  data: { claimId: hostClaimId(INSTANCE, attempt), code: 'host.down', message: 'Host node-a is down' },
});
const exhausted = (reason: string): InstanceEvent => ({
  type: 'instance.launch-failed.v1',
  data: {
    code: 'scheduler.no-valid-host',
    message: `No valid host was found. Exceeded maximum number of 3 attempts for instance ${INSTANCE}. Last reason: ${reason}`,
  },
});
const thirdTry: readonly InstanceEvent[] = [
  lived.requested,
  chosen(1),
  refusedBy(1),
  chosen(2, HOST_B),
  refusedBy(2),
  chosen(3, uuid(13)),
];

describe('asking for a server', () => {
  it('begins a launch by the first version of the process', () => {
    given().when({ type: 'LaunchInstance', data: request }).then(lived.requested);
  });

  it.each([
    ['is there', [lived.requested]],
    ['was abandoned', [lived.abandoned]],
  ])('is refused when the server %s', (_why, history) => {
    given(...history)
      .when({ type: 'LaunchInstance', data: request })
      .thenRefuses('instance.exists');
  });
});

describe('settling a launch that may never have begun', () => {
  const abandon: InstanceCommand = { type: 'AbandonCreation', data: { id: INSTANCE } };

  it('abandons one that has not begun, which then cannot begin', () => {
    given().when(abandon).then(lived.abandoned);
    given(lived.abandoned).when(abandon).thenNothing();
  });

  it('is refused once the launch began: it counts', () => {
    given(lived.requested).when(abandon).thenRefuses('instance.exists');
  });

  it('is refused at its end, too: that a server was launched once is what counts for the others of its request', () => {
    given(lived.requested, lived.failed, lived.deletionRequested, {
      type: 'instance.deleted.v1',
      data: { instanceId: INSTANCE },
    })
      .when(abandon)
      .thenRefuses('instance.exists');
  });
});

describe('undoing a launch whose request was cut off', () => {
  const why = { code: 'a.b', message: 'Not all of it.' };
  const data = { instanceId: INSTANCE, ...why };
  const undo: InstanceCommand = { type: 'UndoCreation', data: { id: INSTANCE, ...why } };

  it('abandons one that has not begun, which then cannot begin', () => {
    given().when(undo).then(lived.abandoned);
    given(lived.abandoned).when(undo).thenNothing();
  });

  it('says why, and deletes it like any server', () => {
    const deletion = {
      type: 'instance.deletion-requested.v1',
      data: { process: 1, operationId: NOW.commandId },
    } as const;
    given(lived.requested).when(undo).then({ type: 'instance.launch-undone.v1', data }, deletion);
    given(lived.requested, { type: 'instance.launch-undone.v1', data }, deletion).when(undo).thenNothing();
  });

  it('has nothing to do where its tenant was faster', () => {
    given(lived.requested, lived.deletionRequested).when(undo).thenNothing();
  });
});

describe('choosing a host', () => {
  const choose = (attempt: number): InstanceCommand => ({
    type: 'RecordHostChosen',
    data: { attempt, hostId: HOST_A, hostName: 'node-a' },
  });

  it('records the choice with the id of its claim before anyone acts on it', () => {
    given(lived.requested).when(choose(1)).then(chosen());
  });

  it('ignores the choice for another attempt', () => {
    given(lived.requested).when(choose(2)).thenNothing();
    given(lived.requested, chosen(), refusedBy()).when(choose(1)).thenNothing();
  });

  it('ignores a choice while there is a host, while a failed attempt is cleared away, and after the launch', () => {
    given(lived.requested, chosen()).when(choose(2)).thenNothing();
    given(...building, attemptFailed())
      .when(choose(2))
      .thenNothing();
    given(...running)
      .when(choose(1))
      .thenNothing();
    given().when(choose(1)).thenNothing();
  });
});

describe('claiming the host', () => {
  const claims = (attempt: number): InstanceCommand => ({
    type: 'RecordHostClaimed',
    data: { claimId: hostClaimId(INSTANCE, attempt) },
  });

  it('counts once, for the attempt under way', () => {
    given(lived.requested, chosen()).when(claims(1)).then(claimed());
    given(lived.requested, chosen(), claimed()).when(claims(1)).thenNothing();
    given(lived.requested, chosen()).when(claims(2)).thenNothing();
    given(...running)
      .when(claims(1))
      .thenNothing();
  });

  it('that is refused leaves the host out of the next choice', () => {
    given(lived.requested, chosen()).when(hostRefuses()).then(refusedBy());
    expect(given(lived.requested, chosen(), refusedBy()).state).toMatchObject({
      host: undefined,
      placement: { purpose: 'launch', attempt: 1, excludedHosts: [HOST_A], target: undefined },
    });
  });

  it('that is refused is given back all the same: another controller may claim it a moment later', () => {
    expect(given(lived.requested, chosen(), refusedBy()).state.debts).toMatchObject([
      { kind: 'host-claim', hostId: HOST_A, claimId: hostClaimId(INSTANCE, 1) },
    ]);
  });

  it('that is refused for the third time fails the launch, with the last reason', () => {
    expect(MAX_LAUNCH_ATTEMPTS).toBe(3);
    given(...thirdTry)
      .when(hostRefuses(3))
      .then(refusedBy(3), exhausted('Host node-a is down'));
  });

  it('ignores the refusal of a claim that was granted, of another attempt, or after the launch', () => {
    given(lived.requested, chosen(), claimed()).when(hostRefuses()).thenNothing();
    given(lived.requested, chosen()).when(hostRefuses(2)).thenNothing();
    given(lived.requested, lived.failed).when(hostRefuses()).thenNothing();
  });
});

describe('getting an address', () => {
  const record: InstanceCommand = { type: 'RecordAddressAllocated', data: address };

  it('counts once, and only while launching', () => {
    given(lived.requested).when(record).then(lived.allocated);
    given(lived.requested, lived.allocated).when(record).thenNothing();
    given(lived.requested, lived.failed).when(record).thenNothing();
  });
});

describe('the outcome of an attempt', () => {
  it('makes the server active', () => {
    given(...building)
      .when(launched)
      .then(lived.launched);
    expect(given(...running).state).toMatchObject({
      vmState: 'active',
      placement: undefined,
      everLaunched: true,
      host: { hostId: HOST_A },
    });
  });

  it('makes the guest run again when its host has restarted in the meantime', () => {
    const restarted = { bootId: uuid(70), notAfter: LAUNCH_ENDS };
    const { state } = given(...building).when({ type: 'RecordLaunched', data: { generation: 1, facts, restarted } });
    expect(state).toMatchObject({ vmState: 'active', operation: { name: 'restore', notAfter: LAUNCH_ENDS } });
  });

  it('counts only for the generation under way, on a host that is claimed', () => {
    given(...building)
      .when({ type: 'RecordLaunched', data: { generation: 2, facts, restarted: null } })
      .thenNothing();
    given(lived.requested, chosen()).when(launched).thenNothing();
    given(lived.requested).when(launched).thenNothing();
    given(...running)
      .when(launched)
      .thenNothing();
    given(...building)
      .when(attemptFails(false, 2))
      .thenNothing();
    given(lived.requested).when(attemptFails()).thenNothing();
    given(...running)
      .when(attemptFails())
      .thenNothing();
  });

  it('that failed leaves domain and claim to be cleared away before the next host is chosen', () => {
    given(...building)
      .when(attemptFails())
      .then(attemptFailed());
    const { state } = given(...building, attemptFailed());
    expect(state).toMatchObject({
      vmState: 'building',
      host: undefined,
      placement: { target: undefined },
      generation: 2,
    });
    expect(state.debts.map(({ kind }) => kind)).toEqual(['domain', 'host-claim']);
    expect(addressesOf(state)).toHaveLength(1);
  });

  it('that no host can better fails the launch at once, with the reason', () => {
    given(...building)
      .when(attemptFails(true))
      .then({
        type: 'instance.launch-failed.v1',
        data: { code: 'disk.failed', message: 'No valid host was found. The disk is full.' },
      });
  });

  it.each([after(1800), after(1801)])('that failed at the end of the launch or after it (%s) is the last', (at) => {
    given(...building)
      .when(attemptFails(), { at })
      .then(attemptFailed(), exhausted('The disk is full.'));
  });

  it('that failed for the third time fails the launch', () => {
    given(...thirdTry, claimed(3))
      .when(attemptFails(false, 3))
      .then(attemptFailed(3, uuid(13)), exhausted('The disk is full.'));
  });
});

describe('a launch that fails', () => {
  const fail: InstanceCommand = { type: 'FailLaunch', data: lived.failed.data };

  it('says why, and gives back everything but the quota', () => {
    given(lived.requested).when(fail).then(lived.failed);
    const { state } = given(...building, lived.failed);
    expect(state).toMatchObject({
      vmState: 'error',
      placement: undefined,
      host: undefined,
      interfaces: [{ id: address.claimId, stage: 'detaching', held: undefined }],
      fault: { ...lived.failed.data, at: after(0) },
    });
    expect(addressesOf(state)).toEqual([]);
    expect(state.debts.map(({ kind }) => kind)).toEqual(['domain', 'host-claim', 'address']);
  });

  it('gives back addresses that may just be on their way', () => {
    const { state } = given(lived.requested, lived.failed);
    expect(state.debts).toMatchObject([{ kind: 'address', networkId: NET }]);
  });

  it('fails once', () => {
    given(lived.requested, lived.failed).when(fail).thenNothing();
    given(...running)
      .when(fail)
      .thenNothing();
  });
});
