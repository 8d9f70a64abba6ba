import type { EventCatalogue } from '../kernel/catalogue';
import type { RegistryEvent } from './decider';

export const registryEvents: EventCatalogue<RegistryEvent> = {
  'registry.numbers-allocated.v1': {
    meaning: 'Owners have got integer numbers that nobody else of their kind has.',
    shown: false,
  },
  'registry.name-claimed.v1': {
    meaning: 'A unique name is held for an owner that is about to be made or renamed.',
    shown: false,
  },
  'registry.name-confirmed.v1': {
    meaning: 'The owner of the name is known to exist.',
    shown: false,
  },
  'registry.name-released.v1': {
    meaning: 'The name is free again.',
    shown: false,
  },
};
