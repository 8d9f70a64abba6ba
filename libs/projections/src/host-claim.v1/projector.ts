import type { HostEvent } from '@cairn/domain';
import type { Projection } from '../projection';
import { HostClaimRow } from './row';

type Seen = Extract<HostEvent, { type: 'host.capacity-claimed.v2' | 'host.capacity-released.v2' }>;

export const hostClaims: Projection<HostClaimRow, Seen> = {
  name: 'host-claims.v1',
  group: 'hosts',
  version: 1,
  entity: HostClaimRow,
  owner: { category: 'host', column: 'hostId' },
  types: { 'host.capacity-claimed.v2': true, 'host.capacity-released.v2': true },
  keys: ({ data }) => [data.claimId],
  apply(_row, event, key) {
    if (event.type === 'host.capacity-released.v2') return null;
    const { owner, projectId, amounts } = event.data;
    const { vcpus, ramMb, diskGb } = amounts;
    return {
      id: key,
      hostId: event.streamId,
      instanceId: owner.id,
      projectId,
      vcpus,
      ramMb,
      diskGb,
      claimedAt: event.at,
    };
  },
};
