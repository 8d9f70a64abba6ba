import { hex128, linkLocal, parseIpv6 } from '@cairn/domain';
import type { NetworkSpec } from '@cairn/host-protocol';

import { dropAs } from './drops';
import { bridgeMac, overlayName, vlanName } from './names';

/** The UDP port that IANA gave to VXLAN. */
export const VXLAN_PORT = 4789;

/** A network that spans hosts. */
export interface Overlay {
  readonly spec: NetworkSpec;
  /** Addresses of the other hosts with guests in it. */
  readonly peers: readonly string[];
}

/** The interfaces that join a network with other hosts. */
function joiningOf({ networkId, segment, interface: device }: NetworkSpec): readonly string[] {
  if (segment?.type === 'vlan') return [vlanName(segment.id)];
  return [...(segment === undefined ? [] : [overlayName(networkId)]), ...(device === undefined ? [] : [device])];
}

/**
 * In the bridge family, for what comes from other hosts: where each host is its own gateway and DHCP server, at the same
 * addresses, nothing of that passes between them.
 */
export const fromOtherHosts = (networks: readonly NetworkSpec[]): readonly string[] =>
  gatewaysOfTheirOwn(networks).flatMap(({ device, networkId, gateway, ipv6 }) => {
    const from = `iifname "${device}"`;
    return [
      `${from} ether saddr ${bridgeMac(networkId)} drop`,
      `${from} ether type arp arp saddr ip ${gateway} drop`,
      `${from} ether type arp arp daddr ip ${gateway} drop`,
      `${from} ether type ip udp dport { 67, 68 } drop`,
      ...(ipv6 === undefined ? [] : fromOtherRouters(from, [ipv6.gateway, linkLocal(bridgeMac(networkId))])),
    ];
  });

/** And nothing of it leaves by an interface, where a switch would see one hardware address at several of its ports. */
export const toOtherHosts = (networks: readonly NetworkSpec[]): readonly string[] =>
  gatewaysOfTheirOwn(networks.filter(({ segment }) => segment?.type !== 'vxlan')).map(
    ({ device, networkId }) => `oifname "${device}" ether saddr ${bridgeMac(networkId)} drop`,
  );

const gatewaysOfTheirOwn = (networks: readonly NetworkSpec[]): readonly (NetworkSpec & { readonly device: string })[] =>
  networks
    .filter(({ gatewayHosts }) => gatewayHosts === undefined)
    .flatMap((spec) => joiningOf(spec).map((device) => ({ ...spec, device })));

/** The same of IPv6: what is for routers, and what asks for the addresses of this one. */
const fromOtherRouters = (from: string, own: readonly string[]): readonly string[] => [
  `${from} ether type ip6 icmpv6 type { nd-router-solicit, nd-router-advert, nd-redirect } drop`,
  ...own.map((address) => {
    const target = `@th,64,128 0x${hex128(parseIpv6(address) ?? 0n)}`;
    return `${from} ether type ip6 icmpv6 type nd-neighbor-solicit ${target} drop`;
  }),
  `${from} ether type ip6 udp dport { 546, 547 } drop`,
];

/** What the host takes as frames of its networks: only what their other hosts send. */
export function framesFromHosts(overlays: readonly Overlay[]): readonly string[] {
  if (overlays.length === 0) return [];
  const port = `udp dport ${String(VXLAN_PORT)}`;
  const peers = [...new Set(overlays.flatMap((overlay) => overlay.peers))].sort();
  return [
    ...(peers.length === 0 ? [] : [`${port} ip saddr { ${peers.join(', ')} } accept`]),
    `${port} ${dropAs('frames of a network between hosts')}`,
  ];
}

/** A guest's packet to that port of another host would leave under this host's address, and be taken for a frame. */
export const framesOfGuests = `iifname @bridges udp dport ${String(VXLAN_PORT)} ${dropAs('frames of a network between hosts')}`;
