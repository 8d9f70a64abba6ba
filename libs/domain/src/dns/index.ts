import type { Aggregate } from '../kernel/aggregate';
import { copyJobs, type HostVersion } from '../kernel/host-copies';
import { tableSnapshot } from '../kernel/table-snapshot';
import { dnsEvents } from './catalogue';
import { decide, type DnsCommand } from './decide';
import type { DnsEvent } from './events';
import { evolve } from './evolve';
import { DNS_JOBS, type HostNames } from './jobs';
import { type Dns, DNS, entryKey, noNames } from './state';

export type { DnsCommand } from './decide';
export type { DnsDomain, DnsEntry, DnsEvent, DnsName } from './events';
export type { DnsJobs, HostName, HostNames } from './jobs';
export { type Dns, DNS, domainKey, entriesAt, entryKey, sameDomain } from './state';

/** What hosts answer by, in the order of the names. */
const hostNames = ({ entries, version }: Dns): HostNames => ({
  version,
  names: [...entries.values()]
    .map((entry) => ({ name: entryKey(entry), address: entry.address }))
    .sort((a, b) => (a.name < b.name ? -1 : 1)),
});

/** One stream, `DNS`: a name is unique in its domain, and a domain in the cloud. */
export const dns: Aggregate<Dns, DnsCommand, DnsEvent> = {
  initial: noNames,
  decide,
  evolve,
  due: (state) =>
    copyJobs(state.hosts, {
      kind: 'apply-names',
      resource: DNS,
      payload: () => hostNames(state),
      onDone: ({ hostId }, facts) => ({
        type: 'RecordHostUpdated',
        data: { hostId, version: (facts as Pick<HostVersion, 'version'>).version },
      }),
    }),
  owes: { commands: [], jobs: DNS_JOBS, places: false },
  category: 'dns',
  events: dnsEvents,
  schemaVersion: 1,
  growing: true,
  snapshot: tableSnapshot({ domains: true, entries: true, hosts: true }),
};
