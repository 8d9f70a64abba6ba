import type { NetworkSpec, NicSpec } from '../instance/spec';
import { type Cidr, formatIpv4, parseCidr } from './ipv4';

/** What a NIC of a guest has to be told where no DHCP server tells it. */
export interface InjectedNic {
  readonly address: string;
  readonly mac: string;
  readonly cidr: string;
  readonly gateway: string;
  readonly dns: readonly string[];
  readonly mtu: number;
  /** By DHCP; then nothing of it is told here. */
  readonly dhcp: boolean;
}

/** Whom guests ask for names: the gateway, if no others are named and it is one that serves names. */
export const nameServersOf = ({ dns, gateway, gatewayHosts }: NetworkSpec): readonly string[] =>
  dns.length > 0 || gatewayHosts === 'none' ? dns : [gateway];

/** What a NIC's guest has to be told. */
export const injectedNic = ({ address, mac, network }: Pick<NicSpec, 'address' | 'mac' | 'network'>): InjectedNic => ({
  address,
  mac,
  cidr: network.cidr,
  gateway: network.gateway,
  dns: nameServersOf(network),
  mtu: network.mtu,
  dhcp: network.dhcp !== false,
});

export const netmaskOf = ({ prefix }: Pick<Cidr, 'prefix'>): string =>
  formatIpv4(prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0);

/**
 * The guest's /etc/network/interfaces, in the words of interfaces(5): nova's way to give addresses to guests that no DHCP
 * server serves. Null where none of the NICs is such.
 */
export function interfacesFile(nics: readonly InjectedNic[]): string | null {
  if (nics.every(({ dhcp }) => dhcp)) return null;
  const stanzas = nics.map((nic, i) => (nic.dhcp ? asking(`eth${String(i)}`) : fixed(`eth${String(i)}`, nic)));
  return [
    '# Written when the server was made: no DHCP server knows its addresses.',
    'auto lo',
    'iface lo inet loopback',
  ]
    .concat(...stanzas.map((lines) => ['', ...lines]))
    .map((line) => `${line}\n`)
    .join('');
}

const asking = (card: string): readonly string[] => [`auto ${card}`, `iface ${card} inet dhcp`];

function fixed(card: string, { address, mac, cidr, gateway, dns, mtu }: InjectedNic): readonly string[] {
  const block = parseCidr(cidr) ?? { base: 0, prefix: 32, broadcast: 0 };
  return [
    `auto ${card}`,
    `iface ${card} inet static`,
    `    hwaddress ether ${mac}`,
    `    address ${address}`,
    `    netmask ${netmaskOf(block)}`,
    `    broadcast ${formatIpv4(block.broadcast)}`,
    `    gateway ${gateway}`,
    `    mtu ${String(mtu)}`,
    ...(dns.length === 0 ? [] : [`    dns-nameservers ${dns.join(' ')}`]),
  ];
}
