import type { NetworkSpec } from '@cairn/host-protocol';

import type { Finding } from '../../ports/host-network.port';

import { networkFailure } from './check-port';
import { type Addresses, readAddresses } from './inspect-interfaces';
import type { IpBatch } from './ip-batch';
import { bridgeOf, isBridgeOf, type Link, type Links, readLink } from './links';

// An interface of the host that joins a network's bridge with those of other hosts (nova: flat_interface).

/** A network that such an interface joins. */
type Joined = NetworkSpec & { readonly interface: string };

const isJoined = (spec: NetworkSpec): spec is Joined => spec.interface !== undefined && spec.segment === undefined;

/** What of the interface keeps it from being a port of the bridge, in a sentence; null when nothing does. */
export function refusalOf(
  { interface: device, bridge, label }: Joined,
  links: Links,
  addresses: Addresses,
): string | null {
  const link = links.get(device);
  const joins = `joins the network ${label} with other hosts`;
  if (link === undefined) return `This host has no interface ${device}, which ${joins}.`;
  if (link.master !== null && link.master !== bridge)
    return `${device}, which ${joins}, is a port of ${link.master} already.`;
  // every interface that is up has one of IPv6 by itself
  const address = addresses.get(device)?.find((one) => !one.startsWith('fe80:'));
  if (address === undefined) return null;
  return `${device} has the address ${address}: an interface that ${joins} carries guests' frames alone.`;
}

/** Makes the interface a port of the network's own bridge, which is there. @throws JobFailure for one that cannot be */
export async function joinOthers(spec: NetworkSpec, ip: IpBatch): Promise<void> {
  if (!isJoined(spec) || !isBridgeOf(readLink(spec.bridge), spec)) return;
  const link = readLink(spec.interface);
  if (isWhole(spec, link)) return;
  const links = new Map(link === null ? [] : [[link.ifname, link]]);
  const refusal = refusalOf(spec, links, await readAddresses());
  if (refusal !== null) throw networkFailure(refusal);
  await ip.run([['link', 'set', 'dev', spec.interface, 'master', spec.bridge, 'promisc', 'on', 'up']]);
}

/** Gives the interface back to the host. */
export async function leaveOthers(spec: NetworkSpec, ip: IpBatch): Promise<void> {
  if (!isJoined(spec) || !isBridgeOf(bridgeOf(spec.interface), spec)) return;
  await ip.run([['link', 'set', 'dev', spec.interface, 'nomaster', 'promisc', 'off']]);
}

/** It is a port of the bridge, up, and takes frames for other hardware addresses than its own. */
const isWhole = ({ bridge }: Joined, link: Link | null | undefined): boolean =>
  link?.master === bridge && link.isUp && link.isPromiscuous;

/** The interface of a network, and what only an operator can mend of it. */
export function inspectJoining(spec: NetworkSpec, links: Links, addresses: Addresses): readonly Finding[] {
  if (!isJoined(spec)) return [];
  const { interface: name, bridge, label, networkId, mtu } = spec;
  const found = { topic: 'bridge-interface', name, networkId } as const;
  const refusal = refusalOf(spec, links, addresses);
  if (refusal !== null) return [{ ...found, verdict: 'advice', says: refusal }];
  const link = links.get(name);
  if (!isWhole(spec, link)) {
    const says = `${name} is not up as a promiscuous port of ${bridge}: guests of the network ${label} do not reach other hosts.`;
    return [{ ...found, verdict: 'wrong', says }];
  }
  const tooSmall = link !== undefined && link.mtu < mtu;
  const says = tooSmall
    ? `${name} has the MTU ${String(link.mtu)}: frames of ${String(mtu)} bytes of the network ${label} do not reach other hosts.`
    : `${name} joins the bridge ${bridge} of the network ${label} with those of other hosts.`;
  return [{ ...found, verdict: tooSmall ? 'advice' : 'right', says }];
}
