import type { EventCatalogue } from '../kernel/catalogue';
import type { DnsEvent } from './events';

export const dnsEvents: EventCatalogue<DnsEvent> = {
  'dns.domain-set.v1': {
    meaning: 'There is a domain for names of addresses, for one project or availability zone or for all.',
    shown: false,
  },
  'dns.domain-deleted.v1': {
    meaning: 'The domain is gone, and every name in it.',
    shown: false,
  },
  'dns.entry-set.v1': {
    meaning: 'A name in a domain stands for an address, instead of the one that it stood for before.',
    shown: false,
  },
  'dns.entry-deleted.v1': {
    meaning: 'The name stands for nothing any more: somebody asked for that, or its floating IP was given back.',
    shown: false,
  },
  'dns.host-added.v1': {
    meaning: 'The host answers its guests by these names from now on.',
    shown: false,
  },
  'dns.host-removed.v1': {
    meaning: 'The host has left the cloud, and is told of names no more.',
    shown: false,
  },
  'dns.host-updated.v1': {
    meaning: 'The host answers by the names as they were at this version.',
    shown: false,
  },
  'dns.host-not-updated.v1': {
    meaning: 'The host could not take the names over, or did not answer; it is asked again later.',
    shown: false,
  },
};
