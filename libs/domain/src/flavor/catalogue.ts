import type { EventCatalogue } from '../kernel/catalogue';
import type { FlavorEvent } from './decider';

export const flavorEvents: EventCatalogue<FlavorEvent> = {
  'flavor.created.v1': {
    meaning: 'A flavor can be used from now on.',
    shown: true,
  },
  'flavor.creation-abandoned.v1': {
    meaning: 'The name of this flavor was claimed but the flavor never came; it cannot come any more.',
    shown: false,
  },
  'flavor.extra-specs-set.v1': {
    meaning: 'New servers of the flavor demand other things of their hosts; servers that have it keep what they had.',
    shown: true,
  },
  'flavor.described.v1': {
    meaning: 'People read another description of the flavor.',
    shown: true,
  },
  'flavor.access-granted.v1': {
    meaning: 'A project may use a flavor that is not public.',
    shown: true,
  },
  'flavor.access-revoked.v1': {
    meaning: 'A project may no longer use a flavor that is not public; its servers keep it.',
    shown: true,
  },
  'flavor.deleted.v1': {
    meaning: 'The flavor can no longer be used; servers that have it keep it.',
    shown: true,
  },
};
