import type { HostEvent } from '@cairn/domain';
import type { Projection } from '../projection';
import { HostClaimRow } from './row';

type Seen = Extract<HostEvent, { type: 'host.capacity-claimed.v1' | 'host.capacity-released.v1' }>;

export const hostClaims: Projection<HostClaimRow, Seen> = {
  name: 'host-claims.v1',
  version: 1,
  entity: HostClaimRow,
  types: { 'host.capacity-claimed.v1': true, 'host.capacity-released.v1': true },
  keys: ({ data }) => [data.claimId],
  apply(_row, event, key) {
    if (event.type === 'host.capacity-released.v1') return null;
    const { instanceId, projectId, vcpus, ramMb, diskGb } = event.data;
    return { id: key, hostId: event.streamId, instanceId, projectId, vcpus, ramMb, diskGb, claimedAt: event.at };
  },
};
