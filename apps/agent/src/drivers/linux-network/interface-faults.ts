import type { NetworkSpec } from '@cairn/host-protocol';

import { type Cidr, parseCidr } from './ipv4';
import { speaksIpv6 } from './kernel-settings';
import { isBridgeOf, type Link, type Links } from './links';
import { tapAlias, tapName } from './names';
import type { StoredNetwork } from './port-store';
import { blockText, hasRoute } from './routes';
import type { PortedNetwork } from './ruleset';

/** Whether an interface has that address with its prefix. */
export type HasAddress = (device: string, address: string) => boolean;

export const blockOf = ({ cidr }: NetworkSpec): Cidr => parseCidr(cidr) ?? { first: 0, prefix: 32 };

/** The address of a network's bridge, with its prefix. */
export const gatewayOf = (spec: NetworkSpec): string => `${spec.gateway}/${String(blockOf(spec).prefix)}`;

/** What of a network's own bridge is not as it should be, in a sentence; null when all is. */
export function faultOfBridge(
  { spec, isGateway }: Pick<PortedNetwork, 'spec' | 'isGateway'>,
  link: Link | undefined,
  hasAddress: HasAddress,
): string | null {
  const { label, bridge, mtu } = spec;
  if (link === undefined) return `The bridge ${bridge} of the network ${label} is gone: its guests reach nothing.`;
  if (!isBridgeOf(link, spec)) return `${bridge} is an interface that was not made for the network ${label}.`;
  if (!link.isUp) return `The bridge ${bridge} is down: guests of the network ${label} reach nothing.`;
  if (link.mtu !== mtu) return `The bridge ${bridge} has the MTU ${String(link.mtu)} instead of ${String(mtu)}.`;
  const has = hasAddress(bridge, gatewayOf(spec));
  if (!isGateway && has)
    return `The bridge ${bridge} has the gateway's address ${gatewayOf(spec)}, although this host is not the gateway of the network ${label}.`;
  if (isGateway && !has)
    return `The bridge ${bridge} has lost the gateway's address ${gatewayOf(spec)}: guests get no lease and no way out.`;
  if (isGateway && !hasRoute(bridge, blockOf(spec)))
    return `The route to ${blockText(blockOf(spec))} by ${bridge} is gone: nothing comes back to guests.`;
  return speaksIpv6(bridge) ? `The host speaks IPv6 on ${bridge}, which carries IPv4 alone.` : null;
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
