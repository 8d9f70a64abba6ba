import { join } from 'node:path';

import { allAddresses, GUEST_PREFIX, nameServersOf, parseCidrV6, parseIpv6 } from '@cairn/domain';
import type { HostName, NetworkSpec } from '@cairn/host-protocol';

import { contains, formatAddress, netmaskOf, parseAddress, parseCidr, sizeOf } from './ipv4';
import type { PortedNetwork } from './ruleset';

/** Files of one network's dnsmasq. */
export interface DnsmasqFiles {
  readonly hosts: string;
  /** Names and addresses of the guests, whether they have asked for a lease or not. */
  readonly names: string;
  readonly leases: string;
  readonly log: string;
  readonly pid: string;
}

export const dnsmasqFiles = (directory: string): DnsmasqFiles => ({
  hosts: join(directory, 'dhcp-hosts'),
  names: join(directory, 'dns-names'),
  leases: join(directory, 'dhcp-leases'),
  log: join(directory, 'dnsmasq.log'),
  pid: join(directory, 'dnsmasq.pid'),
});

/** What the operator of a host has chosen for the dnsmasq of every network. */
export interface DnsmasqOptions {
  /** Whom it asks for names that it does not know itself; none: the resolvers of the host. */
  readonly nameServers: readonly string[];
  /** A file with further settings, in the words of dnsmasq. */
  readonly configFile: string | null;
}

export const NO_OPTIONS: DnsmasqOptions = { nameServers: [], configFile: null };

/** nova 26.1 (`dhcp_lease_time`), in seconds. */
const LEASE_SECONDS = 86_400;

export const pidFileArgument = (files: DnsmasqFiles): string => `--pid-file=${files.pid}`;

/**
 * dnsmasq's arguments for a network: static leases only, since the choice of an address is the cloud's. It answers DNS
 * at the gateway from the names of its guests, and by the resolvers of the host or those that the operator names.
 */
export function dnsmasqArguments(
  { spec }: Pick<PortedNetwork, 'spec'>,
  files: DnsmasqFiles,
  { nameServers, configFile }: DnsmasqOptions = NO_OPTIONS,
): readonly string[] {
  const cidr = parseCidr(spec.cidr) ?? { first: 0, prefix: 32 };
  const range = [formatAddress(cidr.first), 'static', netmaskOf(cidr.prefix), `${String(LEASE_SECONDS)}s`];
  return [
    `--conf-file=${configFile ?? ''}`,
    '--no-hosts',
    `--addn-hosts=${files.names}`,
    ...(nameServers.length === 0 ? [] : ['--no-resolv', ...nameServers.map((address) => `--server=${address}`)]),
    '--bind-interfaces',
    `--interface=${spec.bridge}`,
    '--except-interface=lo',
    pidFileArgument(files),
    `--log-facility=${files.log}`,
    ...(spec.dhcp === false
      ? []
      : [
          `--dhcp-hostsfile=${files.hosts}`,
          `--dhcp-leasefile=${files.leases}`,
          `--dhcp-range=${range.join(',')}`,
          `--dhcp-lease-max=${String(sizeOf(cidr.prefix))}`,
          '--dhcp-authoritative',
          '--dhcp-no-override',
          `--dhcp-option=option:router,${spec.gateway}`,
          `--dhcp-option=option:dns-server,${nameServersOf(spec).join(',')}`,
          // Forced: not every client asks for it, and a guest with a larger MTU than its bridge loses its large frames.
          `--dhcp-option-force=option:mtu,${String(spec.mtu)}`,
        ]),
    ...(spec.domain === '' ? [] : [`--domain=${spec.domain}`, `--local=/${spec.domain}/`]),
    ...argumentsV6(spec),
  ];
}

/** nova-network's radvd sends one at least as often; a router is believed for half an hour. In seconds. */
const ADVERTISED = { every: 10, believed: 1_800 } as const;

/**
 * Guests make their addresses themselves of the prefix that is advertised (SLAAC); those that ask DHCP get the same, and
 * no others get any.
 */
function argumentsV6({ ipv6, bridge, mtu, domain }: NetworkSpec): readonly string[] {
  if (ipv6 === undefined) return [];
  const first = ipv6.cidr.replace(/\/\d+$/, '');
  const servers = ipv6.dns.length === 0 ? [ipv6.gateway] : ipv6.dns;
  return [
    '--enable-ra',
    `--ra-param=${bridge},mtu:${String(mtu)},${String(ADVERTISED.every)},${String(ADVERTISED.believed)}`,
    `--dhcp-range=${first},static,slaac,${String(GUEST_PREFIX)},${String(LEASE_SECONDS)}s`,
    `--dhcp-option=option6:dns-server,${servers.map((server) => `[${server}]`).join(',')}`,
    ...(domain === '' ? [] : [`--dhcp-option=option6:domain-search,${domain}`]),
  ];
}

/** A host name that DHCP can hand out; the cloud's may be any text. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/** One line per guest: hardware address, host name where it is one, its addresses. */
export const hostsFile = ({ served }: Pick<PortedNetwork, 'served'>): string =>
  served
    .map(({ hostname, mac, address, addressV6 }) => [
      mac.toLowerCase(),
      ...(LABEL.test(hostname) ? [hostname] : []),
      address,
      ...(addressV6 === undefined ? [] : [`[${addressV6}]`]),
    ])
    .map((fields) => `${fields.join(',')}\n`)
    .sort()
    .join('');

/** Of a line `expiry mac address name client-id`. */
const LEASE = /^\d+ (\S+) (\d+\.\d+\.\d+\.\d+) /;
/** Of a line `expiry association address name client-id`. */
const LEASE_V6 = /^\d+ \S+ ([0-9a-f]*:[0-9a-f:]*) /;

/** The hardware address that has each lease, by address. */
export const leaseHolders = (leases: string): ReadonlyMap<string, string> =>
  new Map(
    leases.split('\n').flatMap((line): [string, string][] => {
      const [, mac = '', address] = LEASE.exec(line) ?? [];
      return address === undefined ? [] : [[address, mac.toLowerCase()]];
    }),
  );

/** Tells the network's addresses, of either family, from others: there may be a name for each of thousands. */
function ownAddresses({ cidr, ipv6 }: NetworkSpec): (address: string) => boolean {
  const [block, blockV6] = [parseCidr(cidr), parseCidrV6(ipv6?.cidr ?? '')];
  return (address) => {
    const n = parseAddress(address);
    if (n !== null) return block !== null && contains(block, n);
    const nV6 = blockV6 === undefined ? undefined : parseIpv6(address);
    return blockV6 !== undefined && nV6 !== undefined && blockV6.base <= nV6 && nV6 <= blockV6.last;
  };
}

/**
 * One line per address of a guest with a host name: address, name with the domain, name. dnsmasq answers by it in both
 * directions.
 * @param outside names from elsewhere: of addresses of the network itself only its guests have names
 */
export const namesFile = (
  { spec, served }: Pick<PortedNetwork, 'spec' | 'served'>,
  outside: readonly HostName[] = [],
): string => {
  const domain = (hostname: string): readonly string[] => (spec.domain === '' ? [] : [`${hostname}.${spec.domain}`]);
  const guests = served
    .filter(({ hostname }) => LABEL.test(hostname))
    .flatMap(({ hostname, ...held }) => allAddresses(held).map((address) => [address, ...domain(hostname), hostname]));
  const isOwn = ownAddresses(spec);
  const others = outside.filter(({ address }) => !isOwn(address)).map(({ address, name }) => [address, name]);
  return [...guests, ...others]
    .map((words) => `${words.join(' ')}\n`)
    .sort()
    .join('');
};

/**
 * The leases that still belong to a guest. dnsmasq refuses an address to its new owner as long as the old one's lease
 * runs, so the others have to go. What is no line of a lease is kept.
 */
export function livingLeases(leases: string, { served }: Pick<PortedNetwork, 'served'>): string {
  const owners = new Map(served.map(({ address, mac }) => [address, mac.toLowerCase()]));
  const ofIpv6 = new Set(served.map(({ addressV6 }) => addressV6));
  return leases
    .split('\n')
    .filter((line) => {
      const [, mac = '', address] = LEASE.exec(line) ?? [];
      const addressV6 = LEASE_V6.exec(line)?.[1];
      if (addressV6 !== undefined) return ofIpv6.has(addressV6);
      return address === undefined || owners.get(address) === mac.toLowerCase();
    })
    .join('\n');
}
