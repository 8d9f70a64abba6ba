import type { NetworkSpec } from '@cairn/host-protocol';

import { dropAs } from './drops';
import { bridgeMac, overlayName } from './names';

/** The UDP port that IANA gave to VXLAN. */
export const VXLAN_PORT = 4789;

/** A network that spans hosts. */
export interface Overlay {
  readonly spec: NetworkSpec;
  /** Addresses of the other hosts with guests in it. */
  readonly peers: readonly string[];
}

/**
 * In the bridge family, for what comes from other hosts: each host is its own gateway and DHCP server, at the same
 * addresses, so nothing of that passes between them.
 */
export const fromOtherHosts = (overlays: readonly Overlay[]): readonly string[] =>
  overlays.flatMap(({ spec: { networkId, gateway } }) => {
    const from = `iifname "${overlayName(networkId)}"`;
    return [
      `${from} ether saddr ${bridgeMac(networkId)} drop`,
      `${from} ether type arp arp saddr ip ${gateway} drop`,
      `${from} ether type arp arp daddr ip ${gateway} drop`,
      `${from} ether type ip udp dport { 67, 68 } drop`,
    ];
  });

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
