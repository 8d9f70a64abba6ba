import { GUEST_PREFIX, linkLocal } from '@cairn/domain';
import type { NetworkSpec } from '@cairn/host-protocol';

import { type Cidr, parseCidr } from './ipv4';
import { believesRouters, speaksIpv6 } from './kernel-settings';
import { isBridgeOf, type Link, type Links } from './links';
import { bridgeMac, memberMac, tapAlias, tapName } from './names';
import type { StoredNetwork } from './port-store';
import { blockText, hasRoute, hasRouteV6 } from './routes';
import type { PortedNetwork } from './ruleset';

/** Whether an interface has that address with its prefix. */
export type HasAddress = (device: string, address: string) => boolean;

export const blockOf = ({ cidr }: NetworkSpec): Cidr => parseCidr(cidr) ?? { first: 0, prefix: 32 };

/** The address of a network's bridge, with its prefix. */
export const gatewayOf = (spec: NetworkSpec): string => `${spec.gateway}/${String(blockOf(spec).prefix)}`;

/** The hardware address of the network's bridge on this host. */
export const macOf = ({ spec, isGateway }: Pick<PortedNetwork, 'spec' | 'isGateway'>): string =>
  isGateway ? bridgeMac(spec.networkId) : memberMac(spec.networkId);

/** What of a network's own bridge is not as it should be, in a sentence; null when all is. */
export function faultOfBridge(
  { spec, isGateway }: Pick<PortedNetwork, 'spec' | 'isGateway'>,
  link: Link | undefined,
  hasAddress: HasAddress,
): string | null {
  const { label, bridge, mtu } = spec;
  if (link === undefined) return `The bridge ${bridge} of the network ${label} is gone: its guests reach nothing.`;
  if (!isBridgeOf(link, spec)) return `${bridge} is an interface that was not made for the network ${label}.`;
  if (link.address !== macOf({ spec, isGateway }))
    return `The bridge ${bridge} has the hardware address ${link.address}, which is not that of ${isGateway ? 'the' : 'no'} gateway.`;
  if (!link.isUp) return `The bridge ${bridge} is down: guests of the network ${label} reach nothing.`;
  if (link.mtu !== mtu) return `The bridge ${bridge} has the MTU ${String(link.mtu)} instead of ${String(mtu)}.`;
  const has = hasAddress(bridge, gatewayOf(spec));
  if (!isGateway && has)
    return `The bridge ${bridge} has the gateway's address ${gatewayOf(spec)}, although this host is not the gateway of the network ${label}.`;
  if (isGateway && !has)
    return `The bridge ${bridge} has lost the gateway's address ${gatewayOf(spec)}: guests get no lease and no way out.`;
  if (isGateway && !hasRoute(bridge, blockOf(spec)))
    return `The route to ${blockText(blockOf(spec))} by ${bridge} is gone: nothing comes back to guests.`;
  if (spec.ipv6 !== undefined) return faultOfIpv6(spec, hasAddress);
  return speaksIpv6(bridge) ? `The host speaks IPv6 on ${bridge}, which carries IPv4 alone.` : null;
}

/** The IPv6 addresses of a network's bridge, with their prefixes: the gateway, and the one by which guests know their router. */
export const gatewaysV6 = ({ networkId, ipv6 }: NetworkSpec): readonly string[] =>
  ipv6 === undefined
    ? []
    : [ipv6.gateway, linkLocal(bridgeMac(networkId))].map((address) => `${address}/${String(GUEST_PREFIX)}`);

function faultOfIpv6(spec: NetworkSpec, hasAddress: HasAddress): string | null {
  const { bridge, ipv6 } = spec;
  if (!speaksIpv6(bridge)) return `The host does not speak IPv6 on ${bridge}: guests get no IPv6 address.`;
  const lost = gatewaysV6(spec).find((address) => !hasAddress(bridge, address));
  if (lost !== undefined) return `The bridge ${bridge} has lost the address ${lost}: guests have no way out by IPv6.`;
  if (!hasRouteV6(bridge, ipv6?.cidr ?? ''))
    return `The route to ${ipv6?.cidr ?? ''} by ${bridge} is gone: nothing comes back to guests by IPv6.`;
  return believesRouters(bridge) ? `The host believes guests of ${bridge} that say that they are routers.` : null;
}

/** What of a port's tap is not as it should be, in a sentence; null when all is. */
export function faultOfTap(
  name: string,
  { networkId, bridge, mtu }: NetworkSpec,
  link: Link | undefined,
): string | null {
  if (link === undefined) return `The tap ${name} is gone: its guest needs a hard reboot to be connected to a new one.`;
  if (link.master === null) return `The tap ${name} is no port of ${bridge}: its guest reaches nothing.`;
  if (link.master !== bridge) return `The tap ${name} is a port of ${link.master} instead of ${bridge}.`;
  if (!link.isUp) return `The tap ${name} is down: its guest reaches nothing.`;
  if (link.mtu !== mtu) return `The tap ${name} has the MTU ${String(link.mtu)} instead of ${String(mtu)}.`;
  if (link.ifalias !== tapAlias(networkId)) return `The tap ${name} has lost the mark by which it is known as Cairn's.`;
  return speaksIpv6(name) ? `The host speaks IPv6 on ${name}, which carries IPv4 alone.` : null;
}

/** Taps on the host that are marked as the network's and belong to no port of it. */
export function strayTaps({ spec: { networkId }, ports }: StoredNetwork, links: Links): readonly Link[] {
  const wanted = new Set(ports.map(({ instanceId, index }) => tapName(instanceId, index)));
  return [...links.values()].filter(({ ifname, ifalias }) => ifalias === tapAlias(networkId) && !wanted.has(ifname));
}
