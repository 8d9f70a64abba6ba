import { type NetworkEvent, type NetworkSpec, unreachable } from '@cairn/domain';
import { existing, type Projection } from '../projection';
import { NetworkRow } from './row';

/** What hosts have of a network is no tenant's matter. */
type Unseen =
  | `network.host-${string}`
  | 'network.creation-abandoned.v1'
  | 'network.quota-released.v1'
  | 'network.claim-tombstoned.v1'
  | 'network.places-set.v1'
  | 'network.floating-placed.v1'
  | 'network.address-reserved.v1'
  | 'network.address-unreserved.v1';
type Seen = Exclude<NetworkEvent, { type: Unseen }>;

/** What a row shows of the spec that hosts are given. */
type Shown = Pick<
  NetworkRow,
  | 'id'
  | 'label'
  | 'bridge'
  | 'cidr'
  | 'gateway'
  | 'dns'
  | 'domain'
  | 'mtu'
  | 'ipv6'
  | 'dhcp'
  | 'gatewayHosts'
  | 'bridgeInterface'
  | 'vlan'
>;

export function shownOf({ networkId: id, segment, ...spec }: NetworkSpec): Shown {
  const { dhcp = true, gatewayHosts = 'every', interface: bridgeInterface = null, ipv6 = null, ...plain } = spec;
  const vlan = segment?.type === 'vlan' ? segment.id : null;
  return { id, ...plain, ipv6, dhcp, gatewayHosts, bridgeInterface, vlan };
}

export const networks: Projection<NetworkRow, Seen> = {
  name: 'networks.v2',
  group: 'networks',
  version: 3,
  entity: NetworkRow,
  owner: { category: 'network', column: 'id' },
  types: {
    'network.created.v1': true,
    'network.deleted.v1': true,
    'network.project-set.v1': true,
    'network.gateway-moved.v1': true,
    'network.address-allocated.v2': true,
    'network.address-released.v1': true,
  },
  keys: ({ streamId }) => [streamId],
  apply(row, event) {
    if (event.type === 'network.created.v1') {
      const { rangeStart, rangeEnd, projectId = null, priority = null, countsFor: _countsFor, ...spec } = event.data;
      const range = { rangeStart, rangeEnd };
      const state = { usedAddresses: 0, deleted: false, createdAt: event.at, updatedAt: null, deletedAt: null };
      return { ...shownOf(spec), ...range, gatewayHostId: null, projectId, priority, ...state };
    }
    const before = existing(row, event);
    switch (event.type) {
      case 'network.deleted.v1':
        return { ...before, deleted: true, deletedAt: event.at };
      case 'network.project-set.v1':
        return { ...before, projectId: event.data.projectId, updatedAt: event.at };
      case 'network.gateway-moved.v1':
        return { ...before, gatewayHostId: event.data.hostId, updatedAt: event.at };
      case 'network.address-allocated.v2':
        return { ...before, usedAddresses: before.usedAddresses + 1 };
      case 'network.address-released.v1':
        return { ...before, usedAddresses: before.usedAddresses - 1 };
      default:
        return unreachable(event);
    }
  },
};
