import type { StreamRef } from '../kernel/aggregate';
import type { Amounts } from '../quota/resources';
import type { Reservation } from '../quota/state';
import type { FlavorSpec } from './launch/request';

export const instanceRef = (id: string): StreamRef => ({ category: 'instance', id });

type Size = Pick<FlavorSpec, 'vcpus' | 'ramMb'>;

/** The quota that a server of this flavor uses. @param networks in each of which it gets an address. */
export const serverAmounts = ({ vcpus, ramMb }: Size, networks = 0): Amounts => ({
  instances: 1,
  cores: vcpus,
  ram: ramMb,
  ...(networks === 0 ? {} : { fixed_ips: networks }),
});

export const serverReservation = (id: string, flavor: Size, networks = 0): Reservation => ({
  owner: instanceRef(id),
  amounts: serverAmounts(flavor, networks),
});
