import { evolve } from '../instance/evolve';
import { absent } from '../instance/state';
import { HOST_A, HOST_B, lived, operation, PROJECT, running, uuid } from '../testing/examples';
import { NOW, specOf } from '../testing/given';
import { newPlacement } from '../instance/placement/placement';
import {
  hasLeftItsHost,
  restingPlace,
  type ServerGroupCommand,
  type ServerGroupEvent,
  type ServerGroupPolicy,
  serverGroupRef,
  servergroup,
} from './index';

const given = specOf(servergroup);
const GROUP = uuid(71);
const [X, Y] = [uuid(1), uuid(5)];

const recordOf = (policy: ServerGroupPolicy) => ({
  groupId: GROUP,
  projectId: PROJECT,
  userId: uuid(3),
  name: 'web',
  policy,
});
const created = (policy: ServerGroupPolicy = 'anti-affinity'): ServerGroupEvent => ({
  type: 'server-group.created.v1',
  data: recordOf(policy),
});
const create: ServerGroupCommand = { type: 'CreateServerGroup', data: recordOf('anti-affinity') };
const abandon: ServerGroupCommand = { type: 'AbandonCreation', data: { id: GROUP } };
const abandoned: ServerGroupEvent = { type: 'server-group.creation-abandoned.v1', data: { groupId: GROUP } };
const remove: ServerGroupCommand = { type: 'DeleteServerGroup', data: {} };
const deleted: ServerGroupEvent = { type: 'server-group.deleted.v1', data: { groupId: GROUP } };

const placeOf = (instanceId: string, hostId: string, attempt = 1) => ({
  instanceId,
  claimId: `${instanceId}/${String(attempt)}`,
  attempt,
  hostId,
  hostName: hostId === HOST_A ? 'node-a' : 'node-b',
});
type PlaceGiven = ReturnType<typeof placeOf>;
const place = (data: PlaceGiven, ...gone: readonly string[]): ServerGroupCommand => ({
  type: 'PlaceGroupMember',
  data: { ...data, gone },
});
const placed = (data: PlaceGiven): ServerGroupEvent => ({ type: 'server-group.member-placed.v1', data });

describe('the life of a server group', () => {
  it('begins once, or is abandoned', () => {
    given().when(create).then(created());
    given(created()).when(create).thenRefuses('server-group.exists');
    given().when(abandon).then(abandoned);
    given(abandoned).when(abandon).thenNothing();
    given(abandoned).when(create).thenRefuses('server-group.exists');
    given(created()).when(abandon).thenRefuses('server-group.exists');
  });

  it('ends once, and then gives back its quota', () => {
    given(created()).when(remove).then(deleted);
    given(created(), deleted).when(remove).thenRefuses('server-group.not-found');
    expect(given(created()).owed).toEqual([]);
    const [effect, ...more] = given(created(), deleted).owed;
    expect(effect).toMatchObject({
      target: { category: 'quota', id: PROJECT },
      command: { type: 'ReleaseQuota', data: { owner: serverGroupRef(GROUP) } },
    });
    expect(more).toEqual([]);
    const released: ServerGroupEvent = {
      type: 'server-group.quota-released.v1',
      data: { groupId: GROUP, projectId: PROJECT },
    };
    const record: ServerGroupCommand = { type: 'RecordGroupQuotaReleased', data: {} };
    given(created(), deleted).when(record).then(released);
    given(created(), deleted, released).when(record).thenNothing();
    expect(given(created(), deleted, released).owed).toEqual([]);
  });

  it('ends with its policy: no place is granted any more', () => {
    given(created(), deleted)
      .when(place(placeOf(X, HOST_A)))
      .thenRefuses('server-group.not-found');
  });
});

describe('the places of the members', () => {
  const inGroup = (policy: ServerGroupPolicy) => given(created(policy), placed(placeOf(X, HOST_A)));

  it.each([
    ['anti-affinity', HOST_A, false],
    ['anti-affinity', HOST_B, true],
    ['affinity', HOST_A, true],
    ['affinity', HOST_B, false],
    ['soft-anti-affinity', HOST_A, true],
    ['soft-anti-affinity', HOST_B, true],
    ['soft-affinity', HOST_A, true],
    ['soft-affinity', HOST_B, true],
  ] as const)('with %s beside one on host A, on %s', (policy, host, granted) => {
    const asked = inGroup(policy).when(place(placeOf(Y, host)));
    if (granted) asked.then(placed(placeOf(Y, host)));
    else asked.thenRefuses('server-group.policy-violated');
  });

  it('are as many on one host as the rules of anti-affinity allow', () => {
    const [Z, W] = [uuid(6), uuid(7)];
    const rules: ServerGroupEvent = {
      type: 'server-group.created.v1',
      data: { ...recordOf('anti-affinity'), maxPerHost: 2 },
    };
    const one = given(rules, placed(placeOf(X, HOST_A)));
    one.when(place(placeOf(Y, HOST_A))).then(placed(placeOf(Y, HOST_A)));
    const two = given(rules, placed(placeOf(X, HOST_A)), placed(placeOf(Y, HOST_A)));
    two.when(place(placeOf(Z, HOST_A))).thenRefuses('server-group.policy-violated');
    two.when(place(placeOf(W, HOST_B))).then(placed(placeOf(W, HOST_B)));
  });

  it('are free again once a member has left its host', () => {
    inGroup('anti-affinity')
      .when(place(placeOf(Y, HOST_A), X, uuid(6)))
      .then({ type: 'server-group.member-released.v1', data: { instanceId: X } }, placed(placeOf(Y, HOST_A)));
  });

  it('are corrected for a member that rests elsewhere, unless the group has placed it since', () => {
    const at = (hostId: string) => {
      const { instanceId: _id, attempt: _attempt, ...host } = placeOf(X, hostId);
      return host;
    };
    const moved = given(created(), placed(placeOf(X, HOST_B, 2)));
    const ask = (hostId: string, attempt: number, host: ReturnType<typeof at> | null): ServerGroupCommand => ({
      type: 'PlaceGroupMember',
      data: { ...placeOf(Y, hostId), gone: [], strayed: [{ instanceId: X, attempt, host }] },
    });
    moved.when(ask(HOST_A, 2, at(HOST_A))).thenRefuses('server-group.policy-violated');
    moved
      .when(ask(HOST_B, 2, at(HOST_A)))
      .then(placed({ ...placeOf(X, HOST_A), attempt: 2 }), placed(placeOf(Y, HOST_B)));
    moved.when(ask(HOST_B, 1, at(HOST_A))).thenRefuses('server-group.policy-violated');
    moved
      .when(ask(HOST_B, 2, null))
      .then({ type: 'server-group.member-released.v1', data: { instanceId: X } }, placed(placeOf(Y, HOST_B)));
  });

  it('are granted once for each attempt: a repeat, or a late one, learns where the member is', () => {
    const repeat = inGroup('anti-affinity').when(place(placeOf(X, HOST_B)));
    repeat.thenNothing();
    repeat.thenAnswers({ claimId: `${X}/1`, attempt: 1, hostId: HOST_A, hostName: 'node-a' });
    inGroup('anti-affinity')
      .when(place(placeOf(X, HOST_B, 2)))
      .then(placed(placeOf(X, HOST_B, 2)));
    given(created(), placed(placeOf(X, HOST_B, 2)))
      .when(place(placeOf(X, HOST_A)))
      .thenNothing();
  });
});

it('a member has left its host when it is deleted, or when nothing is left of a launch that failed', () => {
  const building = evolve(absent, lived.requested, NOW);
  const failed = evolve(building, lived.failed, NOW);
  const states = [building, failed, { ...failed, debts: [] }, { ...building, vmState: 'deleted' as const }];
  expect(states.map(hasLeftItsHost)).toEqual([false, false, true, true]);
});

it('a member rests on its host, or on none, unless it is placed, moved, or cleared away', () => {
  const active = running.reduce((state, event) => evolve(state, event, NOW), absent);
  const away = { ...active, vmState: 'shelved_offloaded' as const, host: undefined };
  const doing = (name: string) => ({
    ...active,
    operation: { operationId: 'o', notAfter: operation.notAfter, name, input: {} },
  });
  expect(restingPlace(active)?.hostId).toBe(HOST_A);
  expect(restingPlace(doing('reboot'))?.hostId).toBe(HOST_A);
  expect(restingPlace(away)).toBeNull();
  const claim = { id: 'c', kind: 'host-claim', hostId: HOST_A, claimId: 'c' } as const;
  for (const state of [
    { ...away, debts: [claim] },
    { ...away, placement: newPlacement('unshelve', operation.notAfter) },
    doing('revertResize'),
  ])
    expect(restingPlace(state)).toBeUndefined();
});
