import { type NetworkEvent, unreachable } from '@cairn/domain';
import { existing, type Projection } from '../projection';
import { NetworkRow } from './row';

/** What hosts have of a network is no tenant's matter. */
type Unseen =
  | `network.host-${string}`
  | 'network.claim-tombstoned.v1'
  | 'network.places-set.v1'
  | 'network.address-reserved.v1'
  | 'network.address-unreserved.v1';
type Seen = Exclude<NetworkEvent, { type: Unseen }>;

export const networks: Projection<NetworkRow, Seen> = {
  name: 'networks.v2',
  group: 'networks',
  version: 1,
  entity: NetworkRow,
  owner: { category: 'network', column: 'id' },
  types: {
    'network.created.v1': true,
    'network.deleted.v1': true,
    'network.project-set.v1': true,
    'network.address-allocated.v2': true,
    'network.address-released.v1': true,
  },
  keys: ({ streamId }) => [streamId],
  apply(row, event) {
    if (event.type === 'network.created.v1') {
      const { networkId, segment: _segment, projectId = null, priority = null, ...spec } = event.data;
      const state = { usedAddresses: 0, deleted: false, createdAt: event.at, updatedAt: null, deletedAt: null };
      return { id: networkId, ...spec, projectId, priority, ...state };
    }
    const before = existing(row, event);
    switch (event.type) {
      case 'network.deleted.v1':
        return { ...before, deleted: true, deletedAt: event.at };
      case 'network.project-set.v1':
        return { ...before, projectId: event.data.projectId, updatedAt: event.at };
      case 'network.address-allocated.v2':
        return { ...before, usedAddresses: before.usedAddresses + 1 };
      case 'network.address-released.v1':
        return { ...before, usedAddresses: before.usedAddresses - 1 };
      default:
        return unreachable(event);
    }
  },
};
