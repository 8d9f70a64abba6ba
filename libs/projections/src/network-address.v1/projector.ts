import type { NetworkEvent } from '@cairn/domain';
import type { Projection } from '../projection';
import { NetworkAddressRow } from './row';

type Seen = Extract<NetworkEvent, { type: 'network.address-allocated.v2' | 'network.address-released.v1' }>;

export const networkAddresses: Projection<NetworkAddressRow, Seen> = {
  name: 'network-addresses.v1',
  group: 'networks',
  version: 1,
  entity: NetworkAddressRow,
  owner: { category: 'network', column: 'networkId' },
  types: { 'network.address-allocated.v2': true, 'network.address-released.v1': true },
  keys: ({ data }) => [data.claimId],
  apply(_row, event, key) {
    if (event.type === 'network.address-released.v1') return null;
    const { owner, address, mac } = event.data;
    return { id: key, networkId: event.streamId, instanceId: owner.id, address, mac, allocatedAt: event.at };
  },
};
