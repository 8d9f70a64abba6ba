import { DomainError } from '@cairn/domain';
import type { HostRow } from '@cairn/projections';

/** For a host that a request names. */
export const hostNotFound = (name: string): DomainError =>
  new DomainError('invalid', 'host.not-found', `Compute host ${name} could not be found.`);

/**
 * @param hosts in the zones that they are in now
 * @throws DomainError `zone.not-found` where no host of the zone is enabled.
 */
export function requireOpenZone(hosts: readonly HostRow[], zone: string): void {
  if (hosts.some(({ enabled, availabilityZone }) => enabled && availabilityZone === zone)) return;
  throw new DomainError('invalid', 'zone.not-found', 'The requested availability zone is not available');
}
