import type { EventCatalogue } from '../kernel/catalogue';
import type { FloatingPoolEvent } from './events';

export const floatingPoolEvents: EventCatalogue<FloatingPoolEvent> = {
  'floating-pool.created.v1': {
    meaning: 'There is an external network of that name, which has no addresses yet.',
    shown: true,
  },
  'floating-pool.range-added.v1': {
    meaning: 'Projects can get these addresses.',
    shown: true,
  },
  'floating-pool.range-removed.v1': {
    meaning: 'These addresses are not given out any more; no project had one of them.',
    shown: true,
  },
  'floating-pool.address-reserved.v1': {
    meaning: 'An address is held for a floating IP that is about to be made.',
    shown: false,
  },
  'floating-pool.address-confirmed.v1': {
    meaning: 'The floating IP that holds the address is known to exist.',
    shown: false,
  },
  'floating-pool.address-released.v1': {
    meaning: 'The address can be given to somebody else.',
    shown: false,
  },
};
