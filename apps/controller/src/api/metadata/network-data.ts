import { netmaskOf, parseCidr } from '@cairn/domain';
import type { Guest, GuestNic } from '../../application/server/guest';

/**
 * network_data.json: a guest learns on which card it is to ask DHCP, or what its address is where no DHCP server tells, and
 * whom to ask for names.
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
    networks: nics.map((nic, i) => ({
      id: `network${String(i)}`,
      ...(nic.dhcp ? { type: 'ipv4_dhcp' } : fixed(nic)),
      link: linkOf(nic.id),
      network_id: nic.networkId,
    })),
    services: [...new Set(nics.flatMap(({ dns }) => dns))].map((address) => ({ type: 'dns', address })),
  };
}

function fixed({ address, cidr, gateway }: GuestNic): Record<string, unknown> {
  const netmask = netmaskOf(parseCidr(cidr) ?? { prefix: 32 });
  const routes = [{ network: '0.0.0.0', netmask: '0.0.0.0', gateway }];
  return { type: 'ipv4', ip_address: address, netmask, routes };
}

/** nova's name of a tap: its vif's first 11 characters. To the guest it is only a reference within the document. */
const linkOf = (id: string): string => `tap${id.slice(0, 11)}`;
