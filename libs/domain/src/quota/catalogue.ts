import type { EventCatalogue } from '../kernel/catalogue';
import type { QuotaEvent } from './messages';

export const quotaEvents: EventCatalogue<QuotaEvent> = {
  'quota.limits-set.v2': {
    meaning: 'Some limits of the project have changed; null is back to the default.',
    shown: true,
    from: ['quota.limits-set.v1'],
  },
  'quota.user-limits-set.v1': {
    meaning: 'Some limits of one user within the project have changed; null is back to those of the project.',
    shown: false,
  },
  'quota.reserved.v2': {
    meaning:
      'Owners (servers, volumes, ...) count against the quota before they are created; settled later if need be.',
    shown: true,
    from: ['quota.reserved.v1'],
  },
  'quota.reservation-changed.v1': {
    meaning: 'An owner counts for other amounts from now on: a server is about to be resized, or was.',
    shown: true,
  },
  'quota.confirmed.v2': {
    meaning: 'The owners of these reservations are known to exist.',
    shown: false,
    from: ['quota.confirmed.v1'],
  },
  'quota.owner-found.v1': {
    meaning: 'Settling has found that this owner exists; others of its request are still looked for.',
    shown: false,
    from: ['quota.launch-found.v1'],
  },
  'quota.undo-requested.v2': {
    meaning: 'Another owner of the same request was never created: these are undone.',
    shown: false,
    from: ['quota.undo-requested.v1'],
  },
  'quota.released.v2': {
    meaning: 'An owner does not count any more.',
    shown: true,
    from: ['quota.released.v1'],
  },
};
