import { type Aggregate, plainSnapshot } from '../kernel/aggregate';
import type { Reservation } from '../quota/state';
import { floatingIpEvents } from './catalogue';
import { decide, type FloatingIpCommand } from './decide';
import { due } from './due';
import { evolve } from './evolve';
import { FLOATING_IP_JOBS } from './jobs';
import { type FloatingIp, type FloatingIpEvent, floatingIpRef, noFloatingIp } from './state';

export type { FloatingIpCommand } from './decide';
export { bindingId } from './due';
export type { FloatingIpRecord, FloatingTarget } from './events';
export type { FloatingIpJobs } from './jobs';
export { type FloatingIp, type FloatingIpEvent, floatingIpRef, type HostWork } from './state';

/** The quota that a floating IP uses. @param userId who allocates it; absent: it counts for the project alone. */
export const floatingIpReservation = (id: string, userId?: string): Reservation => ({
  owner: floatingIpRef(id),
  amounts: { floating_ips: 1 },
  ...(userId === undefined ? {} : { userId }),
});

export type FloatingIpAnswers = {
  /** What the floating IP knows: it may have been told something else before under the same version. */
  readonly PlaceFloatingIp: Placed | undefined;
};

/** Which host a floating IP was told that its server is on, or that it is on none, and under which version. */
export interface Placed {
  readonly version: number;
  readonly hostId: string | null;
}

function answer(command: FloatingIpCommand, { association, hosts }: FloatingIp): Placed | undefined {
  if (command.type !== 'PlaceFloatingIp' || association?.associationId !== command.data.associationId) return undefined;
  const hostId = hosts.find(({ wants }) => wants === 'carried')?.hostId ?? null;
  return { version: association.version, hostId };
}

export const floatingip: Aggregate<FloatingIp, FloatingIpCommand, FloatingIpEvent, FloatingIpAnswers> = {
  initial: noFloatingIp,
  decide,
  evolve,
  answer,
  due,
  owes: {
    commands: ['BindFloatingIp', 'ForgetDnsAddress', 'ReleaseFloatingAddress', 'ReleaseQuota', 'UnbindFloatingIp'],
    jobs: FLOATING_IP_JOBS,
    places: false,
  },
  category: 'floatingip',
  events: floatingIpEvents,
  schemaVersion: 1,
  snapshot: plainSnapshot(),
};
