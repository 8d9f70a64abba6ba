import { type Capacity, type HostEvent, type Inventory, unreachable } from '@cairn/domain';
import { HostClaimRow } from '../host-claim.v1/row';
import { existing, type Projected, type Projection } from '../projection';
import { HostRow } from './row';

/** Evidence and bookkeeping that change nothing of the host as it is seen. */
type Unseen =
  | 'host.owner-informed.v1'
  | 'host.claim-tombstoned.v1'
  | 'host.result-rejected.v2'
  | 'host.reports-refused.v1'
  | 'host.drift-detected.v1'
  | 'host.network-differed.v1'
  | 'host.images-wanted.v1'
  | 'host.image-cached.v1'
  | 'host.image-not-cached.v1';
type Seen = Exclude<HostEvent, { type: Unseen }>;
type Later = Exclude<Projected<Seen>, { type: 'host.enrolled.v1' | 'host.removed.v1' }>;
type Enrolled = Extract<Projected<Seen>, { type: 'host.enrolled.v1' }>;

const enrolled = ({ data, at, position }: Enrolled): HostRow => ({
  id: data.hostId,
  name: data.name,
  number: data.number,
  availabilityZone: data.availabilityZone,
  enabled: true,
  disabledReason: null,
  up: false,
  forcedDown: false,
  lastSeenAt: null,
  bootId: null,
  startedAt: null,
  hostname: null,
  hostIp: null,
  vcpus: null,
  ramMb: null,
  diskGb: null,
  hypervisorType: null,
  hypervisorVersion: null,
  virtType: null,
  cpu: null,
  capabilities: null,
  usedVcpus: 0,
  usedRamMb: 0,
  usedDiskGb: 0,
  runningVms: 0,
  enrolledAt: at,
  updatedAt: at,
  position,
});

type Found = Pick<
  HostRow,
  | 'hostname'
  | 'hostIp'
  | 'vcpus'
  | 'ramMb'
  | 'diskGb'
  | 'hypervisorType'
  | 'hypervisorVersion'
  | 'virtType'
  | 'cpu'
  | 'capabilities'
>;

/** Named one by one: an inventory may grow fields that this table does not have. */
const found = (inventory: Inventory): Found => ({
  hostname: inventory.hostname,
  hostIp: inventory.hostIp,
  vcpus: inventory.vcpus,
  ramMb: inventory.ramMb,
  diskGb: inventory.diskGb,
  hypervisorType: inventory.hypervisorType,
  hypervisorVersion: inventory.hypervisorVersion,
  virtType: inventory.virtType,
  cpu: inventory.cpu,
  capabilities: inventory.capabilities ?? null,
});

type Used = Pick<HostRow, 'usedVcpus' | 'usedRamMb' | 'usedDiskGb' | 'runningVms'>;

const used = (row: HostRow, claim: Capacity, sign: 1 | -1): Used => ({
  usedVcpus: row.usedVcpus + sign * claim.vcpus,
  usedRamMb: row.usedRamMb + sign * claim.ramMb,
  usedDiskGb: row.usedDiskGb + sign * claim.diskGb,
  runningVms: row.runningVms + sign,
});

function change(row: HostRow, event: Later, claim: HostClaimRow | null): Partial<HostRow> {
  const { at } = event;
  switch (event.type) {
    case 'host.started.v1': {
      const { bootId, inventory } = event.data;
      return { ...found(inventory), bootId, startedAt: at, up: true, lastSeenAt: null, updatedAt: at };
    }
    case 'host.went-down.v1':
      return { up: false, lastSeenAt: event.data.lastSeenAt, updatedAt: at };
    case 'host.came-up.v1':
      return { up: true, lastSeenAt: null, updatedAt: at };
    case 'host.disabled.v1':
      return { enabled: false, disabledReason: event.data.reason, updatedAt: at };
    case 'host.enabled.v1':
      return { enabled: true, disabledReason: null, updatedAt: at };
    case 'host.forced-down.v1':
      return { forcedDown: true, updatedAt: at };
    case 'host.force-down-cleared.v1':
      return { forcedDown: false, updatedAt: at };
    case 'host.capacity-claimed.v2':
      return used(row, event.data.amounts, 1);
    case 'host.capacity-released.v2':
      return claim === null ? {} : used(row, claim, -1);
    default:
      return unreachable(event);
  }
}

export const hosts: Projection<HostRow, Seen, HostClaimRow> = {
  name: 'hosts.v2',
  group: 'hosts',
  version: 2,
  entity: HostRow,
  owner: { category: 'host', column: 'id' },
  types: {
    'host.enrolled.v1': true,
    'host.started.v1': true,
    'host.went-down.v1': true,
    'host.came-up.v1': true,
    'host.disabled.v1': true,
    'host.enabled.v1': true,
    'host.forced-down.v1': true,
    'host.force-down-cleared.v1': true,
    'host.removed.v1': true,
    'host.capacity-claimed.v2': true,
    'host.capacity-released.v2': true,
  },
  keys: ({ streamId }) => [streamId],
  /** A release does not say how much it gives back; the claim does. */
  related: {
    entity: HostClaimRow,
    key: (event) => (event.type === 'host.capacity-released.v2' ? event.data.claimId : null),
  },
  apply(row, event, _key, claim) {
    if (event.type === 'host.enrolled.v1') return enrolled(event);
    if (event.type === 'host.removed.v1') return null;
    const before = existing(row, event);
    return { ...before, ...change(before, event, claim), position: event.position };
  },
};
