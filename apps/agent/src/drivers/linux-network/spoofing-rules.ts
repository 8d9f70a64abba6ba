import { hex128, linkLocal, parseIpv6 } from '@cairn/domain';
import type { NicSpec } from '@cairn/host-protocol';

import { dropAs } from './drops';

/** A guest speaks with its own addresses only, asks DHCP but does not answer it, is no router, and speaks no VLANs. */
export function spoofingRules({ mac: written, address, addressV6 }: NicSpec): readonly string[] {
  const mac = written.toLowerCase();
  return [
    `ether saddr != ${mac} ${dropAs('the hardware address of another')}`,
    `ether type arp arp saddr ether != ${mac} ${dropAs('ARP under the hardware address of another')}`,
    // An address probe (RFC 5227) has no sender address yet.
    `ether type arp arp saddr ip != { 0.0.0.0, ${address} } ${dropAs('ARP under the address of another')}`,
    'ether type arp accept',
    `ether type ip udp sport 67 udp dport 68 ${dropAs('answers of a DHCP server')}`,
    `ether type ip udp sport 68 udp dport 67 ip saddr { 0.0.0.0, ${address} } accept`,
    `ether type ip ip saddr ${address} accept`,
    `ether type ip ${dropAs('the address of another')}`,
    ...(addressV6 === undefined ? [`ether type ip6 ${dropAs('IPv6')}`] : rulesV6([linkLocal(mac), addressV6])),
    `ether type { 0x8100, 0x88a8 } ${dropAs('VLAN tags')}`,
    dropAs('neither IPv4 nor ARP'),
  ];
}

/** Where a message of neighbour discovery names the address that it is about (RFC 4861, sections 4.3 and 4.4). */
const TARGET = '@th,64,128';

/** @param own the address that the card makes for its link, and the one that it has in the network */
function rulesV6(own: readonly string[]): readonly string[] {
  const ofAnother = own.map((one) => `${TARGET} != 0x${hex128(parseIpv6(one) ?? 0n)}`).join(' ');
  const stranger = dropAs('neighbour discovery for another');
  return [
    `ether type ip6 icmpv6 type { nd-router-advert, nd-redirect } ${dropAs('advertisements of a router')}`,
    `ether type ip6 icmpv6 type nd-neighbor-advert ${ofAnother} ${stranger}`,
    // A guest that has no address yet asks whether somebody has its own (RFC 4862, section 5.4).
    `ether type ip6 ip6 saddr :: icmpv6 type nd-neighbor-solicit ${ofAnother} ${stranger}`,
    'ether type ip6 ip6 saddr :: icmpv6 type { nd-router-solicit, nd-neighbor-solicit, mld2-listener-report } accept',
    `ether type ip6 udp dport 546 ${dropAs('answers of a DHCP server')}`,
    `ether type ip6 ip6 saddr { ${own.join(', ')} } accept`,
    `ether type ip6 ${dropAs('the address of another')}`,
  ];
}
