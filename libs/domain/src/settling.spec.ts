import fc from 'fast-check';

import {
  addressesOf,
  commandOf,
  groupsAtLaunch,
  type Host,
  HOST_OPERATIONS,
  type Instance,
  type LaunchRequest,
  type Network,
  type Quota,
  type Registry,
  type Reservation,
  serverReservation,
  streamName,
  VM_STATES,
} from './index';
import { HOST_A, HOST_B, inventory, NET, networkSpec, PROJECT, request, uuid } from './testing/examples';
import { after } from './testing/given';
import { pathTo, TENANT_REQUESTS } from './testing/operations';
import { type Fate, SmallCloud } from './testing/small-cloud';

const QUOTA = { category: 'quota', id: PROJECT };
const NETWORK = { category: 'network', id: NET };
const NAMES = { category: 'registry', id: 'usernames' };
const HOSTS = [
  { hostId: HOST_A, hostName: 'node-a' },
  { hostId: HOST_B, hostName: 'node-b' },
];
const SERVERS = [31, 32, 33, 34, 35, 36].map(uuid);
/** In the project's default group. */
const LAUNCH = { ...request, groups: groupsAtLaunch(request) };
const server = (id: string): { category: string; id: string } => ({ category: 'instance', id });
const hostOf = (id: string): { category: string; id: string } => ({ category: 'host', id });

const fate = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Fate>('done') },
  { weight: 4, arbitrary: fc.constantFrom<Fate>('refused', 'expired', 'lost', 'refused-for-good') },
);
const step = fc.record({
  what: fc.oneof(
    { weight: 10, arbitrary: fc.constant('effect' as const) },
    { weight: 3, arbitrary: fc.constantFrom('begin' as const, 'delete' as const) },
    { weight: 2, arbitrary: fc.constantFrom('reserve' as const, 'launch' as const, 'confirm' as const) },
    { weight: 2, arbitrary: fc.constantFrom('two' as const, 'one-of-two' as const) },
    { weight: 2, arbitrary: fc.constant('operate' as const) },
    { weight: 1, arbitrary: fc.constantFrom('down' as const, 'up' as const, 'restart' as const) },
    { weight: 1, arbitrary: fc.constantFrom('name' as const, 'user' as const) },
  ),
  which: fc.nat({ max: 1000 }),
  seconds: fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom(0, 1, 5) },
    { weight: 2, arbitrary: fc.constant(40) },
    { weight: 1, arbitrary: fc.constant(700) },
  ),
  fate,
});
/** Tenants' requests for a server except its deletion, all equally likely. */
const OPERATED = TENANT_REQUESTS.filter(({ name }) => HOST_OPERATIONS.some((one) => one.name === name));

const pick = <T>(items: readonly T[], which: number): T => items[which % items.length] as T;

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A network of three addresses and two hosts for two servers each: there is never enough for all. */
function furnished(): SmallCloud {
  const cloud = new SmallCloud(HOSTS);
  const range = { cidr: '10.0.0.0/29', rangeStart: '10.0.0.1', rangeEnd: '10.0.0.4' };
  const segment = { type: 'vxlan', id: 1 };
  const spec = { ...networkSpec, ...range, segment, gatewayHosts: 'one' };
  cloud.tell(NETWORK, { type: 'CreateNetwork', data: spec }, uuid(901));
  for (const { hostId, hostName } of HOSTS) {
    const enrol = { hostId, name: hostName, number: 1, availabilityZone: 'nova' };
    cloud.tell(hostOf(hostId), { type: 'EnrolHost', data: enrol }, uuid(902));
    const started = { bootId: uuid(800), inventory: { ...inventory, diskGb: 50 } };
    cloud.tell(hostOf(hostId), { type: 'RecordAgentStarted', data: started }, uuid(903));
  }
  return cloud;
}

const reservation = (id: string): Reservation => serverReservation(id, { vcpus: 1, ramMb: 2048 });

const isReserved = (cloud: SmallCloud, id: string): boolean =>
  (cloud.state(QUOTA) as Quota).held.has(streamName(server(id)));

const launched = (cloud: SmallCloud, id: string): boolean =>
  (cloud.state(server(id)) as Instance).request !== undefined;

function act(cloud: SmallCloud, { what, which, fate: end }: Step, count: number): void {
  const id = SERVERS[which % SERVERS.length] ?? '';
  const host = hostOf(which % 2 === 0 ? HOST_A : HOST_B);
  const commandId = uuid(1000 + count);
  const notAfter = after(Math.floor((Date.parse(cloud.now) - Date.parse(after(0))) / 1000) + 600);
  const user = { ownerId: uuid(40 + (which % 3)), name: which % 2 === 0 ? 'Alice' : 'bob' };
  const tell = (ref: { category: string; id: string }, type: string, data: object): unknown =>
    cloud.tell(ref, { type, data }, commandId);
  switch (what) {
    case 'effect': {
      const { owed } = cloud;
      const chosen = owed[which % Math.max(owed.length, 1)];
      if (chosen !== undefined) cloud.carryOut(chosen, end);
      return;
    }
    case 'reserve':
    case 'launch':
    case 'begin':
      // as the façade does: a launch follows its reservation, and what was launched is not asked for again
      if (launched(cloud, id)) return;
      if (what !== 'launch') tell(QUOTA, 'ReserveQuota', { reservations: [reservation(id)] });
      if (what !== 'reserve' && isReserved(cloud, id))
        tell(server(id), 'LaunchInstance', { ...LAUNCH, instanceId: id, notAfter });
      return;
    case 'two':
    case 'one-of-two': {
      const ids = [id, SERVERS[(which + 1) % SERVERS.length] ?? ''];
      if (ids.some((one) => launched(cloud, one) || isReserved(cloud, one))) return;
      tell(QUOTA, 'ReserveQuota', { reservations: ids.map(reservation) });
      if (!isReserved(cloud, id)) return;
      cloud.requests.push(ids);
      for (const instanceId of what === 'two' ? ids : ids.slice(1))
        cloud.tell(
          server(instanceId),
          { type: 'LaunchInstance', data: { ...LAUNCH, instanceId, notAfter } },
          commandId,
        );
      return;
    }
    case 'confirm': {
      // as the façade does: a confirmation follows the launch, of all that were asked for at once
      const instanceIds = cloud.requests.findLast((ids) => ids.includes(id)) ?? [id];
      if (instanceIds.every((one) => launched(cloud, one)))
        tell(QUOTA, 'ConfirmQuota', { owners: instanceIds.map(server) });
      return;
    }
    case 'operate':
      return void cloud.tell(server(id), commandOf(pick(OPERATED, which), cloud.now), commandId);
    case 'delete':
      return void tell(server(id), 'DeleteInstance', {});
    case 'down':
      return void tell(host, 'MarkHostDown', { lastSeenAt: null });
    case 'up':
      return void tell(host, 'MarkHostUp', { bootId: uuid(800) });
    case 'restart':
      return void tell(host, 'RecordAgentStarted', { bootId: commandId, inventory: { ...inventory, diskGb: 50 } });
    case 'name':
      return void tell(NAMES, 'ClaimName', { ...user, ownerCategory: 'user' });
    case 'user':
      return void tell({ category: 'user', id: user.ownerId }, 'CreateUser', { userId: user.ownerId, name: user.name });
  }
}

/** Lets effects succeed until no stream owes any; returns how many rounds that took. */
function quieten(cloud: SmallCloud): void {
  for (let round = 0; round < 200; round += 1) {
    if (cloud.owedEver.length === 0) return;
    for (const owed of cloud.owed) {
      const still = cloud.owed.some(({ effect }) => effect.id === owed.effect.id);
      if (still) cloud.carryOut(owed, 'done');
    }
    if (cloud.owed.length === 0) cloud.pass(30);
  }
  throw new Error(`still owed: ${JSON.stringify(cloud.owedEver)}`);
}

const sorted = (ids: Iterable<string>): readonly string[] => [...ids].sort();

describe('whatever happens, in whatever order, and however effects end', () => {
  it('in the end nothing is owed, and what is held is what living servers have', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
        const cloud = furnished();
        steps.forEach((one, i) => {
          cloud.pass(one.seconds);
          act(cloud, one, i);
        });
        quieten(cloud);
        const deleted = (): readonly unknown[] =>
          SERVERS.map((id) => cloud.state(server(id)) as Instance).filter(({ vmState }) => vmState === 'deleted');
        const ended = deleted();
        cloud.answerLate();
        expect(deleted()).toEqual(ended);
        quieten(cloud);
        const living = SERVERS.map((id) => cloud.state(server(id)) as Instance).filter(
          ({ request: asked, vmState }) => asked !== undefined && vmState !== 'deleted',
        );
        for (const { vmState, placement, operation, debts, deletion } of living) {
          expect(['error', ...VM_STATES.filter((one) => pathTo(one) !== undefined)]).toContain(vmState);
          expect([placement, operation, deletion, debts.length]).toEqual([undefined, undefined, undefined, 0]);
        }
        const isLiving = (id: string): boolean => living.some(({ request: asked }) => asked?.instanceId === id);
        for (const ids of cloud.requests)
          if (!ids.every((id) => launched(cloud, id))) expect(ids.filter(isLiving)).toEqual([]);
        const idOf = ({ request: asked }: Instance): string => asked?.instanceId ?? '';
        const quota = cloud.state(QUOTA) as Quota;
        expect(sorted([...quota.held.values()].map(({ owner }) => owner.id))).toEqual(sorted(living.map(idOf)));
        expect(quota.unconfirmed.size).toBe(0);
        const n = living.length;
        const held = (name: 'cores' | 'ram', of: (one: LaunchRequest) => number): number =>
          living.reduce((sum, { request: asked, reserved }) => sum + (reserved?.[name] ?? (asked ? of(asked) : 0)), 0);
        const [cores, ram] = [held('cores', ({ flavor }) => flavor.vcpus), held('ram', ({ flavor }) => flavor.ramMb)];
        expect(quota.usage).toEqual(n === 0 ? {} : { instances: n, cores, ram });
        for (const { hostId } of HOSTS) {
          const { claims } = cloud.state(hostOf(hostId)) as Host;
          const places = living.flatMap(({ host, former }) => [host, former?.host]);
          const here = places.flatMap((place) => (place?.hostId === hostId ? [place.claimId] : []));
          expect(sorted([...claims.entries()].map(([id]) => id))).toEqual(sorted(here));
        }
        const { claims } = cloud.state(NETWORK) as Network;
        expect(sorted([...claims.values()].map(({ address }) => address))).toEqual(
          sorted(living.flatMap((one) => addressesOf(one).map(({ address }) => address))),
        );
        expect((cloud.state(NAMES) as Registry).unconfirmed.size).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});
