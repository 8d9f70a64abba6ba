import { netmaskOf, netmaskV6, parseCidr } from '@cairn/domain';
import type { Guest, GuestNic } from '../../application/server/guest';

/**
 * network_data.json: a guest learns on which card it is to ask DHCP, or its address where there is no DHCP server, and
 * whom to ask for names. The guest makes its IPv6 address itself from what the router tells it; nova lists it, too.
 */
export function networkData({ nics }: Guest): Record<string, unknown> {
  return {
    links: nics.map(({ id, mac, mtu }) => ({
      id: linkOf(id),
      vif_id: id,
      type: 'bridge',
      mtu,
      ethernet_mac_address: mac,
    })),
    networks: nics.flatMap(networksOf).map((network, i) => ({ id: `network${String(i)}`, ...network })),
    services: servicesAt(nics.flatMap(({ dns, ipv6 }) => [...dns, ...(ipv6?.dns ?? [])])),
  };
}

function networksOf(nic: GuestNic): readonly object[] {
  const at = { link: linkOf(nic.id), network_id: nic.networkId };
  const first = { ...(nic.dhcp ? { type: 'ipv4_dhcp' } : fixed(nic)), ...at };
  if (nic.ipv6 === undefined) return [first];
  const { address, prefix, gateway, dns } = nic.ipv6;
  return [
    first,
    {
      type: 'ipv6_slaac',
      ...at,
      ip_address: address,
      netmask: netmaskV6(prefix),
      routes: [{ network: '::', netmask: '::', gateway }],
      services: servicesAt(dns),
    },
  ];
}

function fixed({ address, cidr, gateway }: GuestNic): Record<string, unknown> {
  const netmask = netmaskOf(parseCidr(cidr) ?? { prefix: 32 });
  const routes = [{ network: '0.0.0.0', netmask: '0.0.0.0', gateway }];
  return { type: 'ipv4', ip_address: address, netmask, routes };
}

const servicesAt = (addresses: readonly string[]): readonly object[] =>
  [...new Set(addresses)].map((address) => ({ type: 'dns', address }));

/** nova's name of a tap: its vif's first 11 characters. To the guest it is only a reference within the document. */
const linkOf = (id: string): string => `tap${id.slice(0, 11)}`;
