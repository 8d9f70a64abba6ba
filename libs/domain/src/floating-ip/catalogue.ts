import type { EventCatalogue } from '../kernel/catalogue';
import type { FloatingIpEvent } from './state';

export const floatingIpEvents: EventCatalogue<FloatingIpEvent> = {
  'floating-ip.allocated.v1': {
    meaning: 'A project has got an address of an external network.',
    shown: true,
  },
  'floating-ip.creation-abandoned.v1': {
    meaning: 'Quota or an address was held for a floating IP that never came; it cannot come any more.',
    shown: false,
  },
  'floating-ip.associated.v1': {
    meaning: 'The address is to lead to a port of a server.',
    shown: true,
  },
  'floating-ip.bound.v1': {
    meaning: 'The server knows that the address leads to its port, and from then on says which host it is on.',
    shown: false,
  },
  'floating-ip.disassociated.v1': {
    meaning: 'The address leads nowhere any more: somebody asked for that, or the server has lost the port.',
    shown: true,
  },
  'floating-ip.unbound.v1': {
    meaning: 'The server knows that the address does not lead to its port any more.',
    shown: false,
  },
  'floating-ip.placed.v1': {
    meaning: 'The server has said which host its port is on: that host is to carry the address, and no other.',
    shown: true,
  },
  'floating-ip.applied.v1': {
    meaning: 'A host carries the address now, or carries it no longer.',
    shown: false,
  },
  'floating-ip.apply-failed.v1': {
    meaning: 'A host could not take the address or let it go; it is tried again as another attempt.',
    shown: false,
  },
  'floating-ip.released.v1': {
    meaning: 'The project has given the address back.',
    shown: true,
  },
  'floating-ip.returned.v1': {
    meaning:
      'The released address is free in its pool, has no name in DNS any more, or does not count against the quota any more.',
    shown: false,
  },
};
