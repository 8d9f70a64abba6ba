import { deriveId } from '../ids';
import type { StreamRef } from '../kernel/aggregate';
import type { HostCopy } from '../kernel/host-copies';
import { Table } from '../kernel/table';
import type { DnsDomain, DnsEntry, DnsName } from './events';

/** All names of the cloud. */
export interface Dns {
  /** By `domainKey`. */
  readonly domains: Table<DnsDomain>;
  /** By `entryKey`. */
  readonly entries: Table<DnsEntry>;
  /** Hosts that answer by these names. */
  readonly hosts: Table<HostCopy>;
  /** Grows with each change of an entry. */
  readonly version: number;
}

export const noNames: Dns = {
  domains: Table.empty(),
  entries: Table.empty(),
  hosts: Table.empty(),
  version: 0,
};

/** The only stream. Hosts are told of it, and take ids of this form only. */
export const DNS = { category: 'dns', id: deriveId('dns', 'cloud') } as const satisfies StreamRef;

/** DNS does not tell capital letters from small ones. */
export const domainKey = (domain: string): string => domain.toLowerCase();

/** The name with its domain, in small letters. */
export const entryKey = ({ name, domain }: DnsName): string => `${name}.${domain}`.toLowerCase();

export const sameDomain = (one: string, other: string): boolean => domainKey(one) === domainKey(other);

/** The entries of a domain that have that address, in the order of their names. */
export const entriesAt = ({ entries }: Dns, domain: string, address: string): readonly DnsEntry[] =>
  [...entries.values()]
    .filter((one) => sameDomain(one.domain, domain) && one.address === address)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
