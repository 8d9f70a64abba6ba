import type { StreamRef } from '../kernel/aggregate';
import { own } from '../kernel/own';
import type { Amounts } from '../quota/resources';
import type { Reservation } from '../quota/state';
import type { FlavorSpec } from './launch/request';

export const instanceRef = (id: string): StreamRef => ({ category: 'instance', id });

type Size = Pick<FlavorSpec, 'vcpus' | 'ramMb'>;

/** The quota that a server of this flavor uses. @param networks how many it gets an address in. */
export const serverAmounts = ({ vcpus, ramMb }: Size, networks = 0): Amounts => ({
  instances: 1,
  cores: vcpus,
  ram: ramMb,
  ...(networks === 0 ? {} : { fixed_ips: networks }),
});

/** As much of its quota as its flavor determines: what a resize changes. */
export const sizeAmounts = ({ vcpus, ramMb }: Size): Amounts => ({ cores: vcpus, ram: ramMb });

/** For each resource the greater amount. */
export const greaterOf = (some: Amounts, others: Amounts): Amounts =>
  Object.fromEntries(Object.entries(some).map(([name, amount]) => [name, Math.max(amount, own(others, name) ?? 0)]));

export const sameAmounts = (some: Amounts, others: Amounts): boolean =>
  Object.entries(some).every(([name, amount]) => own(others, name) === amount);

/** @param userId who launches the server; absent: it counts for the project alone. */
export const serverReservation = (id: string, flavor: Size, networks = 0, userId?: string): Reservation => ({
  owner: instanceRef(id),
  amounts: serverAmounts(flavor, networks),
  ...(userId === undefined ? {} : { userId }),
});
