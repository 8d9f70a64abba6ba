import { DomainError } from '../kernel/errors';
import { parseIpv4 } from './ipv4';
import type { Network } from './state';

/**
 * Why an address that somebody asks for cannot be given out now, in the words of nova-network (nova 14.1,
 * FixedIpNotFoundForNetwork and FixedIpAlreadyInUse); undefined when it can.
 */
export function addressRefusal(
  { rangeStart, rangeEnd, taken, claims, spec }: Network,
  address: string,
): DomainError | undefined {
  const n = parseIpv4(address);
  const [start, end] = [parseIpv4(rangeStart) ?? 0, parseIpv4(rangeEnd) ?? 0];
  if (n === undefined || n < start || n > end || address === spec.gateway) {
    const message = `Fixed IP address (${address}) does not exist in network (${spec.networkId}).`;
    return new DomainError('invalid', 'network.address-outside', message);
  }
  const claimId = taken.get(address);
  if (claimId === undefined) return undefined;
  const holder = claims.get(claimId)?.owner.id ?? '';
  return new DomainError('conflict', 'network.address-in-use', addressInUse(address, holder));
}

/** nova's FixedIpAlreadyInUse. */
export const addressInUse = (address: string, instanceId: string): string =>
  `Fixed IP address ${address} is already in use on instance ${instanceId}.`;
