import { DomainError } from '../kernel/errors';
import type { NetworkSpec } from '../instance/spec';
import { parseCidr, parseIpv4 } from './ipv4';
import type { NetworkEvent } from './messages';
import type { Network } from './state';

/** Whether it is never everybody's: a project that needs one gets one that none has (nova's VlanManager). */
export const isForOneProject = ({ segment }: Pick<NetworkSpec, 'segment'>): boolean => segment?.type === 'vlan';

/** Whether guests of a project may have ports in it. */
export const mayUseNetwork = (
  { projectId: whose, spec }: Pick<Network, 'projectId' | 'spec'>,
  projectId: string,
): boolean => whose === projectId || (whose === null && !isForOneProject(spec));

/** Whether an address is not for guests: it is outside the range of guests, or the gateway, or reserved. */
export const isKept = (network: Network, address: string): boolean =>
  isBeyond(network, address) || isSetAside(network, address);

/** Whether an address in the range of guests is not for guests. */
export const isSetAside = ({ reserved, spec }: Network, address: string): boolean =>
  address === spec.gateway || reserved.has(address);

function isBeyond({ rangeStart, rangeEnd }: Network, address: string): boolean {
  const n = parseIpv4(address);
  const [start, end] = [parseIpv4(rangeStart) ?? 0, parseIpv4(rangeEnd) ?? 0];
  return n === undefined || n < start || n > end;
}

/** @throws DomainError `network.address-outside` for an address that the network does not have. */
export function reserveAddress(network: Network, address: string): readonly NetworkEvent[] {
  requireInside(network, address);
  return isKept(network, address) ? [] : [{ type: 'network.address-reserved.v1', data: { address } }];
}

/** @throws DomainError `network.address-outside`, `network.address-beyond` for one that is not in the range of guests. */
export function unreserveAddress(network: Network, address: string): readonly NetworkEvent[] {
  requireInside(network, address);
  if (isBeyond(network, address) || address === network.spec.gateway)
    throw new DomainError('invalid', 'network.address-beyond', `Fixed IP ${address} is none of those for guests.`);
  return network.reserved.has(address) ? [{ type: 'network.address-unreserved.v1', data: { address } }] : [];
}

function requireInside({ spec }: Network, address: string): void {
  const [n, cidr] = [parseIpv4(address), parseCidr(spec.cidr)];
  if (n === undefined || cidr === undefined || n < cidr.base || n > cidr.broadcast) throw outside(spec, address);
}

const outside = ({ networkId }: Network['spec'], address: string): DomainError => {
  const message = `Fixed IP address (${address}) does not exist in network (${networkId}).`;
  return new DomainError('invalid', 'network.address-outside', message);
};

/**
 * Why an address that somebody asks for cannot be given out now, in the words of nova-network (nova 14.1,
 * FixedIpNotFoundForNetwork and FixedIpAlreadyInUse); undefined when it can.
 */
export function addressRefusal(network: Network, address: string): DomainError | undefined {
  const { taken, claims, spec } = network;
  if (isKept(network, address)) return outside(spec, address);
  const claimId = taken.get(address);
  if (claimId === undefined) return undefined;
  const holder = claims.get(claimId)?.owner.id ?? '';
  return new DomainError('conflict', 'network.address-in-use', addressInUse(address, holder));
}

/** nova's FixedIpAlreadyInUse. */
export const addressInUse = (address: string, instanceId: string): string =>
  `Fixed IP address ${address} is already in use on instance ${instanceId}.`;
