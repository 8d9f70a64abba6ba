import type { EventCatalogue } from '../kernel/catalogue';
import type { KeyPairsEvent } from './decider';

export const keypairsEvents: EventCatalogue<KeyPairsEvent> = {
  'keypair.created.v1': {
    meaning: 'A user has a key pair of this name; Cairn keeps its public half.',
    shown: true,
  },
  'keypair.deleted.v1': {
    meaning: 'The user has no key pair of this name any more.',
    shown: true,
  },
};
