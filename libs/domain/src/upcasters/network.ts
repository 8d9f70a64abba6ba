import { instanceRef } from '../instance/quota';
import type { NetworkEvent } from '../network/messages';
import type { Upcasters } from './upcaster';

interface Allocated {
  readonly claimId: string;
  readonly instanceId: string;
  readonly address: string;
  readonly mac: string;
}

/** In 0.1 all addresses were for instances. */
export const network: Upcasters = {
  'network.address-allocated.v1': ({ instanceId, ...claim }: Allocated): NetworkEvent => ({
    type: 'network.address-allocated.v2',
    data: { ...claim, owner: instanceRef(instanceId) },
  }),
};
