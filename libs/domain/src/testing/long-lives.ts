import fc from 'fast-check';

import type { Category, CommandOf } from '../aggregates';
import { commandOf } from '../instance';
import { serverReservation } from '../instance/quota';
import { type Instant, later } from '../kernel/time';
import { claim } from './examples';
import {
  FAR,
  flavorOf,
  floatingIpOf,
  imageOf,
  inventoryOf,
  keyPairOf,
  launchOf,
  networkSpecOf,
  projectOf,
  requestsOf,
  serverGroupOf,
  userOf,
  uuid,
} from './model';

/**
 * The n-th round of a long life, by aggregate: what begins in a round ends in it, under ids of its own. So whatever a
 * state still holds after many rounds, it holds for ever.
 */
type Life<C extends Category> = (n: number, now: Instant) => readonly CommandOf<C>[];

const HOUR_MS = 3_600_000;
const owner = (n: number): { category: string; id: string } => ({ category: 'instance', id: uuid(n) });

/** An aggregate that is not here lives by what people ask at random, of few different things. */
const LIVES: { readonly [C in Category]?: Life<C> } = {
  enrolment: (n) => [
    {
      type: 'IssueToken',
      data: { enrolmentId: uuid(n), tokenHash: String(n), expiresAt: FAR, hostId: uuid(1), name: 'a' },
    },
    { type: 'JoinHost', data: { tokenHash: String(n), certificate: uuid(n) } },
    { type: 'RevokeHost', data: {} },
  ],
  flavor: (n) => [
    { type: 'CreateFlavor', data: flavorOf({ name: `m1.n${String(n)}` }) },
    { type: 'DeleteFlavor', data: {} },
  ],
  floatingip: (n) => [
    { type: 'AllocateFloatingIp', data: floatingIpOf({ floatingIpId: uuid(1) }) },
    {
      type: 'AssociateFloatingIp',
      data: { holder: owner(n), portId: uuid(n), networkId: uuid(21), fixedAddress: '10.0.0.2' },
    },
    { type: 'DisassociateFloatingIp', data: { holder: null } },
  ],
  host: (n, now) => [
    { type: 'EnrolHost', data: { hostId: uuid(1), name: 'a', number: 1, availabilityZone: 'nova' } },
    { type: 'RecordAgentStarted', data: { bootId: uuid(n), inventory: inventoryOf() } },
    { type: 'ClaimCapacity', data: { ...claim(n), notAfter: later(now, HOUR_MS), forced: false } },
    { type: 'ReleaseCapacity', data: { claimId: claim(n).claimId, notAfter: later(now, HOUR_MS) } },
    { type: 'ReleaseCapacity', data: { claimId: `never-${String(n)}`, notAfter: later(now, HOUR_MS) } },
    { type: 'DisableHost', data: { reason: `reason ${String(n)}` } },
    { type: 'EnableHost', data: {} },
    { type: 'RecordNetworkDiffered', data: { bootId: uuid(n), mended: [], left: [], more: n } },
    { type: 'ReportDrift', data: { bootId: uuid(n), kind: 'domain', name: `found-${String(n)}` } },
  ],
  image: (n) => [
    { type: 'CreateImage', data: imageOf() },
    { type: 'UpdateImage', data: { name: `image ${String(n)}`, properties: { [`p${String(n)}`]: 'x' } } },
  ],
  instance: (n, now) => [
    { type: 'LaunchInstance', data: launchOf() },
    commandOf({ name: 'rename', input: { name: `server-${String(n)}` } }, later(now, HOUR_MS)),
    commandOf({ name: 'reboot', input: { rebootType: 'hard' } }, later(now, HOUR_MS)),
    commandOf(
      {
        name: 'change-metadata',
        input: { set: { [`k${String(n)}`]: 'v' }, remove: [`k${String(n - 1)}`], limit: 128 },
      },
      later(now, HOUR_MS),
    ),
  ],
  keypairs: (n) => [
    { type: 'CreateKeyPair', data: { ...keyPairOf({ name: `key-${String(n)}` }), limit: 100 } },
    { type: 'DeleteKeyPair', data: { name: `key-${String(n)}` } },
  ],
  network: (n, now) => [
    { type: 'CreateNetwork', data: { ...networkSpecOf(), rangeStart: null, rangeEnd: null } },
    {
      type: 'AllocateAddress',
      data: { claimId: uuid(n), owner: owner(n), address: null, notAfter: later(now, HOUR_MS) },
    },
    { type: 'SetPlaces', data: { claimId: uuid(n), version: 1, hosts: [uuid(11)] } },
    { type: 'ReleaseAddress', data: { claimId: uuid(n), notAfter: later(now, HOUR_MS) } },
    { type: 'ReleaseAddress', data: { claimId: `never-${String(n)}`, notAfter: later(now, HOUR_MS) } },
  ],
  project: (n) => [
    { type: 'CreateProject', data: projectOf() },
    { type: 'UpdateProject', data: { description: `description ${String(n)}` } },
    { type: 'TagProject', data: { tag: `tag-${String(n)}` } },
    { type: 'UntagProject', data: { tag: `tag-${String(n)}` } },
    { type: 'GrantRole', data: { userId: uuid(n), role: 'member' } },
    { type: 'RevokeRole', data: { userId: uuid(n), role: 'member' } },
  ],
  quota: (n) => [
    {
      type: 'ReserveQuota',
      data: { reservations: [2 * n, 2 * n + 1].map((id) => serverReservation(uuid(id), { vcpus: 1, ramMb: 1 })) },
    },
    { type: 'ConfirmQuota', data: { owners: [owner(2 * n)] } },
    { type: 'RecordOwnerMissing', data: { owner: owner(2 * n + 1) } },
    { type: 'ReleaseQuota', data: { owner: owner(2 * n) } },
    { type: 'SetQuotaLimits', data: { limits: { [`gigabytes_t${String(n)}`]: 5 }, force: false } },
    { type: 'SetQuotaLimits', data: { limits: { [`gigabytes_t${String(n)}`]: null }, force: false } },
  ],
  registry: (n) => [
    { type: 'AllocateNumbers', data: { ownerIds: [uuid(2 * n), uuid(2 * n + 1)] } },
    { type: 'ClaimName', data: { name: `name-${String(n)}`, ownerId: uuid(n), ownerCategory: 'user' } },
    { type: 'ConfirmName', data: { name: `name-${String(n)}`, ownerId: uuid(n) } },
    { type: 'ReleaseName', data: { name: `name-${String(n)}`, ownerId: uuid(n) } },
  ],
  request: (n) => [{ type: 'UseKey', data: { requestHash: uuid(n) } }],
  servergroup: (n) => [
    { type: 'CreateServerGroup', data: serverGroupOf() },
    {
      type: 'PlaceGroupMember',
      data: {
        instanceId: uuid(n),
        claimId: uuid(n),
        attempt: 1,
        hostId: uuid(11),
        hostName: 'a',
        gone: [uuid(n - 1)],
      },
    },
  ],
  user: (n, now) => [
    { type: 'CreateUser', data: userOf() },
    { type: 'UpdateUser', data: { description: `description ${String(n)}` } },
    { type: 'RevokeToken', data: { tokenId: uuid(n), expiresAt: later(now, HOUR_MS) } },
    { type: 'RecordFailedLogin', data: { failureAttempts: 5, durationSeconds: 60, now } },
    { type: 'ForgetFailedLogins', data: {} },
  ],
};

const asked = new Map<Category, readonly CommandOf<Category>[]>();

/** The commands of round `n` in the life of a stream. */
export function roundOf<C extends Category>(category: C, n: number, now: Instant): readonly CommandOf<C>[] {
  const life = LIVES[category];
  if (life !== undefined) return life(n, now);
  const some = asked.get(category) ?? fc.sample(requestsOf(category, uuid(1)), { numRuns: 500, seed: 1 });
  asked.set(category, some);
  return [some[n % some.length] as CommandOf<C>];
}
