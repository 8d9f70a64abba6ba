import type { Context } from '../kernel/aggregate';
import { DomainError, unreachable } from '../kernel/errors';
import { type HostTry, type HostVersion, isNewer, notUpdated } from '../kernel/host-copies';
import type { DnsDomain, DnsEntry, DnsEvent, DnsName } from './events';
import { type Dns, domainKey, entryKey } from './state';

/** @property by the project that asks; null for an administrator. */
type Asked = { readonly by: string | null };

export type DnsCommand =
  /** Makes the domain, or changes whom it is for. */
  | { readonly type: 'SetDnsDomain'; readonly data: DnsDomain }
  | { readonly type: 'DeleteDnsDomain'; readonly data: { readonly domain: string } }
  | { readonly type: 'SetDnsEntry'; readonly data: DnsName & Asked & { readonly address: string } }
  | { readonly type: 'DeleteDnsEntry'; readonly data: DnsName & Asked }
  /** No name stands for the address any more. */
  | { readonly type: 'ForgetDnsAddress'; readonly data: { readonly address: string } }
  | { readonly type: 'AddDnsHost'; readonly data: { readonly hostId: string } }
  | { readonly type: 'RemoveDnsHost'; readonly data: { readonly hostId: string } }
  | { readonly type: 'RecordHostUpdated'; readonly data: HostVersion }
  | { readonly type: 'RecordHostNotUpdated'; readonly data: HostTry };

/** How many names one project may have: every host has all of them. */
const MOST_ENTRIES = 1_000;

/** In nova's words (14.1, NotFound). */
const notFound = (code: string): DomainError => new DomainError('not-found', code, 'Resource could not be found.');

function setDomain(data: DnsDomain, { domains }: Dns): readonly DnsEvent[] {
  const known = domains.get(domainKey(data.domain));
  const same =
    known?.scope === data.scope &&
    known.projectId === data.projectId &&
    known.availabilityZone === data.availabilityZone;
  return same ? [] : [{ type: 'dns.domain-set.v1', data }];
}

/** @throws DomainError `dns.domain-not-found`, `dns.forbidden` for a domain or an entry of another project. */
function requireMay({ by, ...name }: DnsName & Asked, { domains, entries }: Dns): DnsEntry | undefined {
  const domain = domains.get(domainKey(name.domain));
  if (domain === undefined) throw notFound('dns.domain-not-found');
  const known = entries.get(entryKey(name));
  const isOthers = (projectId: string | null): boolean => by !== null && projectId !== by;
  if (isOthers(domain.projectId ?? by) || (known !== undefined && isOthers(known.projectId)))
    throw new DomainError('forbidden', 'dns.forbidden', 'The DNS domain or entry belongs to another project.');
  return known;
}

function setEntry(data: Extract<DnsCommand, { type: 'SetDnsEntry' }>['data'], state: Dns): readonly DnsEvent[] {
  const { by, ...entry } = data;
  const known = requireMay(data, state);
  if (known?.address === entry.address) return [];
  const own = (): number => [...state.entries.values()].filter(({ projectId }) => projectId === by).length;
  if (known === undefined && by !== null && own() >= MOST_ENTRIES)
    throw new DomainError('quota', 'dns.quota', 'Quota exceeded, too many DNS entries.');
  return [{ type: 'dns.entry-set.v1', data: { ...entry, projectId: known === undefined ? by : known.projectId } }];
}

function deleteEntry(data: Extract<DnsCommand, { type: 'DeleteDnsEntry' }>['data'], state: Dns): readonly DnsEvent[] {
  const known = requireMay(data, state);
  if (known === undefined) throw notFound('dns.entry-not-found');
  return [gone(known)];
}

const gone = ({ domain, name }: DnsName): DnsEvent => ({ type: 'dns.entry-deleted.v1', data: { domain, name } });

export function decide(command: DnsCommand, state: Dns, { at }: Context): readonly DnsEvent[] {
  switch (command.type) {
    case 'SetDnsDomain':
      return setDomain(command.data, state);
    case 'DeleteDnsDomain':
      if (!state.domains.has(domainKey(command.data.domain))) throw notFound('dns.domain-not-found');
      return [{ type: 'dns.domain-deleted.v1', data: command.data }];
    case 'SetDnsEntry':
      return setEntry(command.data, state);
    case 'DeleteDnsEntry':
      return deleteEntry(command.data, state);
    case 'ForgetDnsAddress':
      return [...state.entries.values()].filter(({ address }) => address === command.data.address).map(gone);
    case 'AddDnsHost':
      return state.hosts.has(command.data.hostId) ? [] : [{ type: 'dns.host-added.v1', data: command.data }];
    case 'RemoveDnsHost':
      return state.hosts.has(command.data.hostId) ? [{ type: 'dns.host-removed.v1', data: command.data }] : [];
    case 'RecordHostUpdated':
      return isNewer(state.hosts, command.data) ? [{ type: 'dns.host-updated.v1', data: command.data }] : [];
    case 'RecordHostNotUpdated': {
      const data = notUpdated(state.hosts, command.data, () => true, at);
      return data === undefined ? [] : [{ type: 'dns.host-not-updated.v1', data }];
    }
    default:
      return unreachable(command);
  }
}
