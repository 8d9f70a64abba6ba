import { unreachable } from '../kernel/errors';
import { newCopy, outdated, updated, withFailure } from '../kernel/host-copies';
import type { DnsEvent } from './events';
import { type Dns, domainKey, entryKey, sameDomain } from './state';

export function evolve(state: Dns, event: DnsEvent): Dns {
  switch (event.type) {
    case 'dns.domain-set.v1':
      return { ...state, domains: state.domains.set(domainKey(event.data.domain), event.data) };
    case 'dns.domain-deleted.v1': {
      const { domain } = event.data;
      const inIt = [...state.entries.entries()].filter(([, entry]) => sameDomain(entry.domain, domain));
      const domains = state.domains.delete(domainKey(domain));
      const entries = inIt.reduce((left, [key]) => left.delete(key), state.entries);
      return inIt.length === 0 ? { ...state, domains } : changed({ ...state, domains, entries });
    }
    case 'dns.entry-set.v1':
      return changed({ ...state, entries: state.entries.set(entryKey(event.data), event.data) });
    case 'dns.entry-deleted.v1':
      return changed({ ...state, entries: state.entries.delete(entryKey(event.data)) });
    case 'dns.host-added.v1': {
      const { hostId } = event.data;
      const copy = { ...newCopy(hostId, 0), wanted: state.version };
      return { ...state, hosts: state.hosts.set(hostId, copy) };
    }
    case 'dns.host-removed.v1':
      return { ...state, hosts: state.hosts.delete(event.data.hostId) };
    case 'dns.host-updated.v1': {
      const { hostId, version } = event.data;
      const copy = state.hosts.get(hostId);
      return copy === undefined ? state : { ...state, hosts: state.hosts.set(hostId, updated(copy, version)) };
    }
    case 'dns.host-not-updated.v1':
      return { ...state, hosts: withFailure(state.hosts, event.data) };
    default:
      return unreachable(event);
  }
}

/** Every host is to answer by the entries as they are now. */
function changed(state: Dns): Dns {
  const version = state.version + 1;
  const ids = [...state.hosts.values()].map(({ hostId }) => hostId);
  return { ...state, version, hosts: outdated(state.hosts, ids, version) };
}
