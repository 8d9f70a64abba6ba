import { join } from 'node:path';

import { nameServersOf } from '@cairn/domain';
import type { HostName } from '@cairn/host-protocol';

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
  ];
}

/** A host name that DHCP can hand out; the cloud's may be any text. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/** One line per guest: hardware address, host name where it is one, address. */
export const hostsFile = ({ served }: Pick<PortedNetwork, 'served'>): string =>
  served
    .map(({ hostname, mac, address }) => [mac.toLowerCase(), ...(LABEL.test(hostname) ? [hostname] : []), address])
    .map((fields) => `${fields.join(',')}\n`)
    .sort()
    .join('');

/** Of a line `expiry mac address name client-id`. */
const LEASE = /^\d+ (\S+) (\d+\.\d+\.\d+\.\d+) /;

/** The hardware address that has each lease, by address. */
export const leaseHolders = (leases: string): ReadonlyMap<string, string> =>
  new Map(
    leases.split('\n').flatMap((line): [string, string][] => {
      const [, mac = '', address] = LEASE.exec(line) ?? [];
      return address === undefined ? [] : [[address, mac.toLowerCase()]];
    }),
  );

/**
 * One line per guest with a host name: address, name with the domain, name. dnsmasq answers by it in both directions.
 * @param outside names from elsewhere: of addresses of the network itself only its guests have names
 */
export const namesFile = (
  { spec, served }: Pick<PortedNetwork, 'spec' | 'served'>,
  outside: readonly HostName[] = [],
): string => {
  const cidr = parseCidr(spec.cidr);
  const guests = served
    .filter(({ hostname }) => LABEL.test(hostname))
    .map(({ hostname, address }) => [address, ...(spec.domain === '' ? [] : [`${hostname}.${spec.domain}`]), hostname]);
  const others = outside
    .filter(({ address }) => cidr === null || !contains(cidr, parseAddress(address) ?? -1))
    .map(({ address, name }) => [address, name]);
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
  return leases
    .split('\n')
    .filter((line) => {
      const [, mac = '', address] = LEASE.exec(line) ?? [];
      return address === undefined || owners.get(address) === mac.toLowerCase();
    })
    .join('\n');
}
