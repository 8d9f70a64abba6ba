import type { HostEvent } from '../host/events';
import { instanceRef } from '../instance/quota';
import type { Upcasters } from './upcaster';

interface Claimed {
  readonly claimId: string;
  readonly instanceId: string;
  readonly projectId: string;
  readonly vcpus: number;
  readonly ramMb: number;
  readonly diskGb: number;
}

interface Rejected {
  readonly effectId: string;
  readonly instanceId: string;
  readonly generation: number;
  readonly resultType: string;
  readonly reason: string;
}

/** In 0.1 all that a host held was for instances. */
export const host: Upcasters = {
  'host.capacity-claimed.v1': ({ claimId, instanceId, projectId, vcpus, ramMb, diskGb }: Claimed): HostEvent => ({
    type: 'host.capacity-claimed.v2',
    data: { claimId, owner: instanceRef(instanceId), projectId, amounts: { vcpus, ramMb, diskGb } },
  }),
  'host.capacity-released.v1': ({ claimId, instanceId }: Pick<Claimed, 'claimId' | 'instanceId'>): HostEvent => ({
    type: 'host.capacity-released.v2',
    data: { claimId, owner: instanceRef(instanceId) },
  }),
  'host.instance-informed.v1': (old: { readonly instanceId: string; readonly bootId: string }): HostEvent => ({
    type: 'host.owner-informed.v1',
    data: { owner: instanceRef(old.instanceId), bootId: old.bootId },
  }),
  'host.result-rejected.v1': ({ instanceId, ...rest }: Rejected): HostEvent => ({
    type: 'host.result-rejected.v2',
    data: { ...rest, resource: instanceRef(instanceId) },
  }),
};
