import type { Guest } from '../../application/server/guest';

/** network_data.json of flat DHCP networks: a guest learns that it is to ask DHCP, on which card, and whom for names. */
export function networkData({ nics }: Guest): Record<string, unknown> {
  return {
    links: nics.map(({ id, mac, mtu }) => ({
      id: linkOf(id),
      vif_id: id,
      type: 'bridge',
      mtu,
      ethernet_mac_address: mac,
    })),
    networks: nics.map(({ id, networkId }, i) => ({
      id: `network${String(i)}`,
      type: 'ipv4_dhcp',
      link: linkOf(id),
      network_id: networkId,
    })),
    services: [...new Set(nics.flatMap(({ dns }) => dns))].map((address) => ({ type: 'dns', address })),
  };
}

/** nova's name of a tap: its vif's first 11 characters. To the guest it is only a reference within the document. */
const linkOf = (id: string): string => `tap${id.slice(0, 11)}`;
