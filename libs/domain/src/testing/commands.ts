import fc, { type Arbitrary } from 'fast-check';

import type { HostCommand } from '../host';
import { commandOf, hostClaimId, type InstanceCommand } from '../instance';
import type { Message } from '../kernel/aggregate';
import type { NetworkCommand } from '../network';
import type { QuotaCommand } from '../quota';
import type { RegistryCommand } from '../registry';
import { address, facts, HOST_A, HOST_B, INSTANCE, inventory, networkSpec, request, uuid } from './examples';
import { after } from './given';
import { REQUESTS } from './operations';

/** Few different values, so that commands meet each other. */
const few = fc.integer({ min: 1, max: 5 });
const id = few.map(uuid);
const owner = fc.record({ category: fc.constantFrom('instance', 'volume'), id });
const notAfter = fc.integer({ min: 0, max: 400 }).map(after);
const nothing = fc.constant({});

/** Commands of one type with arbitrary data. */
const of = <C extends Message, T extends C['type']>(
  type: T,
  data: Arbitrary<Extract<C, { type: T }>['data']>,
): Arbitrary<C> => data.map((one) => ({ type, data: one }) as unknown as C);

export const networkCommands: Arbitrary<NetworkCommand> = fc.oneof(
  { weight: 6, arbitrary: allocations() },
  {
    weight: 4,
    arbitrary: of<NetworkCommand, 'ReleaseAddress'>('ReleaseAddress', fc.record({ claimId: id, notAfter })),
  },
  { weight: 1, arbitrary: of<NetworkCommand, 'DeleteNetwork'>('DeleteNetwork', nothing) },
);

function allocations(): Arbitrary<NetworkCommand> {
  const spelled = fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.02', '10.0.0.3', '10.0.0.6', '10.0.0.7', '', 'x');
  const wanted = fc.oneof(fc.constant(null), spelled);
  return of<NetworkCommand, 'AllocateAddress'>(
    'AllocateAddress',
    fc.record({ claimId: fc.integer({ min: 1, max: 9 }).map(uuid), owner, address: wanted, notAfter }),
  );
}

/** A network with five addresses for instances, the gateway among them or not. */
export const createNetwork: Arbitrary<NetworkCommand> = of<NetworkCommand, 'CreateNetwork'>(
  'CreateNetwork',
  fc
    .constantFrom('10.0.0.1', '10.0.0.3', '10.0.0.6')
    .map((gateway) => ({ ...networkSpec, cidr: '10.0.0.0/29', gateway, rangeStart: '10.0.0.1', rangeEnd: null })),
);

export const hostCommands: Arbitrary<HostCommand> = fc.oneof(
  {
    weight: 8,
    arbitrary: of<HostCommand, 'ClaimCapacity'>(
      'ClaimCapacity',
      fc.record({
        claimId: id,
        owner,
        projectId: id,
        amounts: fc.record({
          vcpus: fc.integer({ min: 0, max: 20 }),
          ramMb: fc.integer({ min: 0, max: 4000 }),
          diskGb: fc.integer({ min: 0, max: 60 }),
        }),
        notAfter,
        forced: fc.boolean(),
      }),
    ),
  },
  { weight: 4, arbitrary: of<HostCommand, 'ReleaseCapacity'>('ReleaseCapacity', fc.record({ claimId: id, notAfter })) },
  of<HostCommand, 'RecordAgentStarted'>(
    'RecordAgentStarted',
    fc.record({ bootId: id, inventory: fc.constant(inventory) }),
  ),
  of<HostCommand, 'RecordOwnerInformed'>('RecordOwnerInformed', fc.record({ owner, bootId: id })),
  of<HostCommand, 'MarkHostDown'>('MarkHostDown', fc.constant({ lastSeenAt: null })),
  of<HostCommand, 'MarkHostUp'>('MarkHostUp', fc.record({ bootId: id })),
  of<HostCommand, 'DisableHost'>('DisableHost', fc.record({ reason: fc.constantFrom(null, 'disk') })),
  of<HostCommand, 'EnableHost'>('EnableHost', nothing),
  of<HostCommand, 'ForceHostDown'>('ForceHostDown', nothing),
  of<HostCommand, 'ClearForceDown'>('ClearForceDown', nothing),
);

const limit = fc.oneof(fc.constant(null), fc.integer({ min: -1, max: 8 }));
const amounts = fc.oneof(
  fc.record({ instances: fc.constant(1), cores: fc.integer({ min: 0, max: 4 }), ram: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ volumes: fc.constant(1), gigabytes_lvm: fc.integer({ min: 0, max: 9 }) }),
);
const userId = fc.constantFrom('u1', 'u2');
const reservations = fc.array(fc.record({ owner, amounts, userId }, { requiredKeys: ['owner', 'amounts'] }), {
  maxLength: 4,
});

export const quotaCommands: Arbitrary<QuotaCommand> = fc.oneof(
  of<QuotaCommand, 'ReserveQuota'>('ReserveQuota', fc.record({ reservations })),
  of<QuotaCommand, 'ConfirmQuota'>('ConfirmQuota', fc.record({ owners: fc.array(owner, { maxLength: 3 }) })),
  of<QuotaCommand, 'ReleaseQuota'>('ReleaseQuota', fc.record({ owner })),
  of<QuotaCommand, 'RecordOwnerFound'>('RecordOwnerFound', fc.record({ owner })),
  of<QuotaCommand, 'RecordOwnerMissing'>('RecordOwnerMissing', fc.record({ owner })),
  of<QuotaCommand, 'SetUserQuotaLimits'>(
    'SetUserQuotaLimits',
    fc.record({ userId, limits: fc.record({ instances: limit, cores: limit, ram: limit }), force: fc.boolean() }),
  ),
  of<QuotaCommand, 'SetQuotaLimits'>(
    'SetQuotaLimits',
    fc.record({
      limits: fc.record({ instances: limit, cores: limit, ram: limit, volumes: limit, gigabytes_lvm: limit }),
      force: fc.boolean(),
    }),
  ),
);

const name = fc.constantFrom('alice', 'Alice', 'bob', '__proto__');
const owned = fc.record({ name, ownerId: id });

export const registryCommands: Arbitrary<RegistryCommand> = fc.oneof(
  of<RegistryCommand, 'AllocateNumbers'>('AllocateNumbers', fc.record({ ownerIds: fc.array(id, { maxLength: 4 }) })),
  of<RegistryCommand, 'ClaimName'>('ClaimName', fc.record({ name, ownerId: id, ownerCategory: fc.constant('user') })),
  of<RegistryCommand, 'ConfirmName'>('ConfirmName', owned),
  of<RegistryCommand, 'ReleaseName'>('ReleaseName', owned),
);

const attempt = fc.integer({ min: 1, max: 4 });
const claimId = attempt.map((n) => hostClaimId(INSTANCE, n));
const hostId = fc.constantFrom(HOST_A, HOST_B);
const generation = fc.integer({ min: 1, max: 8 });
const why = { code: fc.constant('a.b'), message: fc.constant('It broke.') };
const ended = {
  facts: fc.constant(facts),
  restarted: fc.constantFrom(null, { bootId: uuid(1), notAfter: after(900) }),
};
const operationId = fc.integer({ min: 0, max: 60 }).map(uuid);

/** A command for each operation, with any deadline. */
const operationCommands: Arbitrary<InstanceCommand> = fc
  .record({ request: fc.constantFrom(...REQUESTS), now: fc.integer({ min: -400, max: 100 }).map(after) })
  .map(({ request, now }) => commandOf(request, now));

/** Commands of tenants and answers to effects, in any order: late, early, twice, of other attempts. */
export const instanceCommands: Arbitrary<InstanceCommand> = fc.oneof(
  of<InstanceCommand, 'LaunchInstance'>('LaunchInstance', fc.constant(request)),
  of<InstanceCommand, 'AbandonCreation'>('AbandonCreation', fc.constant({ id: INSTANCE })),
  of<InstanceCommand, 'UndoCreation'>('UndoCreation', fc.record({ id: fc.constant(INSTANCE), ...why })),
  { weight: REQUESTS.length, arbitrary: operationCommands },
  of<InstanceCommand, 'ReplaceMetadata'>('ReplaceMetadata', fc.record({ metadata: fc.dictionary(name, name) })),
  of<InstanceCommand, 'ChangeMetadata'>(
    'ChangeMetadata',
    fc.record({ set: fc.dictionary(name, name), remove: fc.array(name), limit: fc.integer({ min: -1, max: 3 }) }),
  ),
  of<InstanceCommand, 'RecordHostChosen'>(
    'RecordHostChosen',
    fc.record({ attempt, hostId, hostName: fc.constant('node') }),
  ),
  of<InstanceCommand, 'RecordHostClaimed'>('RecordHostClaimed', fc.record({ claimId })),
  of<InstanceCommand, 'RecordHostRefused'>('RecordHostRefused', fc.record({ claimId, ...why })),
  of<InstanceCommand, 'RecordAddressAllocated'>('RecordAddressAllocated', fc.constant(address)),
  of<InstanceCommand, 'RecordLaunched'>('RecordLaunched', fc.record({ generation, ...ended })),
  of<InstanceCommand, 'RecordAttemptFailed'>(
    'RecordAttemptFailed',
    fc.record({ generation, ...why, permanent: fc.boolean() }),
  ),
  of<InstanceCommand, 'FailLaunch'>('FailLaunch', fc.record(why)),
  of<InstanceCommand, 'RecordOperationDone'>('RecordOperationDone', fc.record({ operationId, ...ended })),
  of<InstanceCommand, 'RecordOperationFailed'>('RecordOperationFailed', fc.record({ operationId, ...why })),
  of<InstanceCommand, 'RecordReleased'>('RecordReleased', fc.record({ debtId: id })),
  of<InstanceCommand, 'RecordRemovalFailed'>('RecordRemovalFailed', fc.record({ debtId: id, attempt, ...why })),
);
