import type { InstanceEvent } from '../instance/events';
import type { Upcasters } from './upcaster';

interface HostChosen {
  readonly attempt: number;
  readonly hostId: string;
  readonly hostName: string;
  readonly claimId: string;
}

/** 0.1 looked for hosts for launches only. */
export const instance: Upcasters = {
  'instance.host-chosen.v1': (data: HostChosen): InstanceEvent => ({
    type: 'instance.host-chosen.v2',
    data: { ...data, purpose: 'launch' },
  }),
};
