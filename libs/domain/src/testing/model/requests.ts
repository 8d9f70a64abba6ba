import fc, { type Arbitrary } from 'fast-check';

import type { Category, CommandOf } from '../../aggregates';
import { commandOf } from '../../instance';
import type { JsonValue } from '../../kernel/attributes';
import { SERVER_GROUP_POLICIES } from '../../server-group';
import { TENANT_REQUESTS } from '../operations';
import {
  FAR,
  flavorOf,
  imageOf,
  blobOf,
  inventoryOf,
  keyPairOf,
  networkSpecOf,
  projectOf,
  serverGroupOf,
  userOf,
} from './records';

const NAMES = ['alpha', 'beta', 'Beta', '__proto__'] as const;
const name = fc.constantFrom(...NAMES);
const text = fc.constantFrom(null, '', 'a b', 'ünïcode “text”');
const attributes = fc.dictionary(name, fc.constantFrom<JsonValue>('x', 1, null, ['y']));
const few = fc.integer({ min: 1, max: 5 });
const boot = fc.nat({ max: 1_000 }).map((n) => `boot-${String(n)}`);
/** Room for every server of a test. */
const AMPLE = { vcpus: 1_000, ramMb: 64_000_000, diskGb: 1_000_000 };
const nothing = fc.constant({});
const role = fc.constantFrom('admin', 'member', 'reader');
const userId = fc.constantFrom('u1', 'u2', 'u3');

type Data<C extends Category, T extends CommandOf<C>['type']> = Extract<CommandOf<C>, { readonly type: T }>['data'];

/** Arbitraries of the data of some commands of an aggregate, by the command's type. */
type Requests<C extends Category> = { readonly [T in CommandOf<C>['type']]?: Arbitrary<Data<C, T>> };

/**
 * What people ask of the stream with that id, by aggregate: tenants, operators, hosts of themselves. A new aggregate is
 * taught here once. What effects come to is not here: a harness learns it from the effects.
 */
const REQUESTS: { readonly [C in Category]: (id: string) => Requests<C> } = {
  enrolment: (hostId) => ({
    IssueToken: fc.record({
      enrolmentId: few.map((n) => `enrolment-${String(n)}`),
      tokenHash: few.map(String),
      expiresAt: fc.constant(FAR),
      hostId: fc.constant(hostId),
      name,
    }),
    JoinHost: fc.record({ tokenHash: few.map(String), certificate: few.map(String) }),
    RevokeHost: nothing,
  }),
  flavor: (id) => ({
    CreateFlavor: fc.record({ name, vcpus: few }).map((over) => flavorOf({ flavorId: id, ...over })),
    DeleteFlavor: nothing,
    AbandonCreation: fc.constant({ id }),
  }),
  host: (hostId) => ({
    EnrolHost: fc.constant({ hostId, name: `host-${hostId.slice(0, 4)}`, number: 1, availabilityZone: 'nova' }),
    RecordAgentStarted: boot.map((bootId) => ({ bootId, inventory: inventoryOf({ ...AMPLE, hostname: hostId }) })),
    MarkHostDown: fc.constantFrom({ lastSeenAt: null }, { lastSeenAt: FAR }),
    MarkHostUp: boot.map((bootId) => ({ bootId })),
    DisableHost: fc.constantFrom({ reason: null }, { reason: 'broken fan' }),
    EnableHost: nothing,
    ForceHostDown: nothing,
    ClearForceDown: nothing,
    ReportDrift: boot.map((bootId) => ({ bootId, kind: 'domain' as const, name: 'unknown' })),
  }),
  image: (imageId) => ({
    CreateImage: text.map((given) =>
      imageOf({ imageId, projectId: 'p1', name: given, visibility: 'private', tags: ['a'] }),
    ),
    UpdateImage: fc.record({ name: text, tags: fc.subarray(['a', 'b']), properties: fc.dictionary(name, name) }),
    RecordImageUploaded: fc.constantFrom(5_000_000_000, 1).map((sizeBytes) => blobOf({ sizeBytes })),
    DeleteImage: nothing,
  }),
  instance: operations,
  keypairs: (user) => ({
    CreateKeyPair: fc.record({ name, limit: few }).map(({ name: given, limit }) => ({
      ...keyPairOf({ userId: user, name: given }),
      limit,
    })),
    DeleteKeyPair: name.map((given) => ({ name: given })),
  }),
  network: (networkId) => ({
    CreateNetwork: fc.constantFrom('10.0.0.1', '10.0.0.3').map((gateway) => ({
      ...networkSpecOf({ networkId, gateway, cidr: '10.0.0.0/29' }),
      rangeStart: null,
      rangeEnd: null,
    })),
    DeleteNetwork: nothing,
  }),
  project: (projectId) => ({
    CreateProject: name.map((given) => projectOf({ projectId, name: given })),
    UpdateProject: fc.record(
      { enabled: fc.boolean(), tags: fc.subarray([...NAMES]), attributes },
      { requiredKeys: [] },
    ),
    TagProject: name.map((tag) => ({ tag })),
    UntagProject: name.map((tag) => ({ tag })),
    GrantRole: fc.record({ userId, role }),
    RevokeRole: fc.record({ userId, role }),
    DeleteProject: nothing,
    AbandonCreation: fc.constant({ id: projectId }),
  }),
  quota: () => ({
    SetQuotaLimits: fc.record({
      limits: fc.record(
        { cores: fc.constantFrom(null, -1, 0, 8), instances: fc.constantFrom(null, 3) },
        { requiredKeys: [] },
      ),
      force: fc.boolean(),
    }),
  }),
  registry: () => ({
    AllocateNumbers: fc.array(name, { maxLength: 3 }).map((ownerIds) => ({ ownerIds })),
    ClaimName: fc.record({ name, ownerId: name, ownerCategory: fc.constant('user') }),
    ConfirmName: fc.record({ name, ownerId: name }),
    ReleaseName: fc.record({ name, ownerId: name }),
  }),
  request: () => ({ UseKey: few.map((n) => ({ requestHash: String(n) })) }),
  servergroup: (groupId) => ({
    CreateServerGroup: fc
      .record({ name, policy: fc.constantFrom(...SERVER_GROUP_POLICIES) })
      .map((over) => serverGroupOf({ groupId, ...over })),
    DeleteServerGroup: nothing,
    AbandonCreation: fc.constant({ id: groupId }),
  }),
  user: (id) => ({
    CreateUser: name.map((given) => userOf({ userId: id, name: given })),
    UpdateUser: fc.record({ email: text, enabled: fc.boolean(), attributes }, { requiredKeys: [] }),
    ChangePassword: few.chain((n) => {
      const passwordHash = { keyId: 'k', ciphertext: String(n) };
      return fc.constantFrom({ passwordHash }, { passwordHash, epoch: 0 }, { passwordHash, epoch: n });
    }),
    RevokeToken: fc
      .record({ n: few, expiresAt: fc.constantFrom('2026-01-01T00:05:00.000Z', FAR) })
      .map(({ n, expiresAt }) => ({ tokenId: `t${String(n)}-${id}`, expiresAt })),
    DeleteUser: nothing,
    AbandonCreation: fc.constant({ id }),
  }),
};

/** Every operation that a tenant can ask for, in each of its variants. */
function operations(): Requests<'instance'> {
  const commands = TENANT_REQUESTS.map((request) => commandOf(request, FAR));
  const variants = (type: string): readonly object[] =>
    commands.filter((one) => one.type === type).map(({ data }) => data);
  return Object.fromEntries(commands.map(({ type }) => [type, fc.constantFrom(...variants(type))]));
}

/** Anything that people ask of the stream with that id; every kind of it as often. */
export function requestsOf<C extends Category>(category: C, id: string): Arbitrary<CommandOf<C>> {
  const byType = Object.entries(REQUESTS[category](id)) as [string, Arbitrary<object>][];
  return fc.oneof(...byType.map(([type, data]) => data.map((one) => ({ type, data: one })))) as unknown as Arbitrary<
    CommandOf<C>
  >;
}
