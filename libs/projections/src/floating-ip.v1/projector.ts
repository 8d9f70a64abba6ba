import { type FloatingIpEvent, unreachable } from '@cairn/domain';
import { existing, type Projection } from '../projection';
import { FloatingIpRow } from './row';

type Seen = Extract<
  FloatingIpEvent,
  {
    type:
      | 'floating-ip.allocated.v1'
      | 'floating-ip.associated.v1'
      | 'floating-ip.disassociated.v1'
      | 'floating-ip.placed.v1'
      | 'floating-ip.released.v1';
  }
>;

const NOWHERE = { instanceId: null, portId: null, networkId: null, fixedAddress: null, hostId: null } as const;

export const floatingIps: Projection<FloatingIpRow, Seen> = {
  name: 'floating-ips.v1',
  group: 'networks',
  version: 1,
  entity: FloatingIpRow,
  owner: { category: 'floatingip', column: 'id' },
  types: {
    'floating-ip.allocated.v1': true,
    'floating-ip.associated.v1': true,
    'floating-ip.disassociated.v1': true,
    'floating-ip.placed.v1': true,
    'floating-ip.released.v1': true,
  },
  keys: ({ streamId }) => [streamId],
  apply(row, event) {
    if (event.type === 'floating-ip.allocated.v1') {
      const { floatingIpId, autoAssigned: _auto, ...record } = event.data;
      return { id: floatingIpId, ...record, ...NOWHERE, createdAt: event.at };
    }
    if (event.type === 'floating-ip.released.v1') return null;
    const before = existing(row, event);
    switch (event.type) {
      case 'floating-ip.associated.v1': {
        const { holder, portId, networkId, fixedAddress } = event.data;
        const instanceId = holder.category === 'instance' ? holder.id : null;
        return { ...before, instanceId, portId, networkId, fixedAddress, hostId: null };
      }
      case 'floating-ip.disassociated.v1':
        return { ...before, ...NOWHERE };
      case 'floating-ip.placed.v1':
        return { ...before, hostId: event.data.hostId };
      default:
        return unreachable(event);
    }
  },
};
