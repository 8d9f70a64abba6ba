import type { StreamRef } from '../kernel/aggregate';
import type { Amounts } from '../quota/resources';
import type { Reservation } from '../quota/state';
import type { FlavorSpec } from './launch/request';

export const instanceRef = (id: string): StreamRef => ({ category: 'instance', id });

/** The quota that a server of this flavor uses. */
export const serverAmounts = ({ vcpus, ramMb }: Pick<FlavorSpec, 'vcpus' | 'ramMb'>): Amounts => ({
  instances: 1,
  cores: vcpus,
  ram: ramMb,
});

export const serverReservation = (id: string, flavor: Pick<FlavorSpec, 'vcpus' | 'ramMb'>): Reservation => ({
  owner: instanceRef(id),
  amounts: serverAmounts(flavor),
});
