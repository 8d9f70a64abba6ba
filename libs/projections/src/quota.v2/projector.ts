import { type QuotaEvent, streamName, sumOf, unreachable, withChanges } from '@cairn/domain';
import type { Projection } from '../projection';
import { QuotaReservationRow } from '../quota-reservation.v1/row';
import { QuotaRow } from './row';

/** How reservations are settled shows only by what is given back. */
type Unseen = 'quota.user-limits-set.v1' | 'quota.confirmed.v2' | 'quota.owner-found.v1' | 'quota.undo-requested.v2';
type Seen = Exclude<QuotaEvent, { type: Unseen }>;

const untouched = (id: string): QuotaRow => ({ id, overrides: {}, usage: {} });

export const quotas: Projection<QuotaRow, Seen, QuotaReservationRow> = {
  name: 'quotas.v2',
  group: 'quotas',
  version: 1,
  entity: QuotaRow,
  owner: { category: 'quota', column: 'id' },
  types: {
    'quota.limits-set.v2': true,
    'quota.reserved.v2': true,
    'quota.reservation-changed.v1': true,
    'quota.released.v2': true,
  },
  keys: ({ streamId }) => [streamId],
  /** A release or a change does not say how much it gives back; the reservation does. */
  related: {
    entity: QuotaReservationRow,
    key: (event) => ('owner' in event.data ? streamName(event.data.owner) : null),
  },
  apply(row, event, key, reservation) {
    const before = row ?? untouched(key);
    switch (event.type) {
      case 'quota.limits-set.v2':
        return { ...before, overrides: withChanges(before.overrides, event.data.limits) };
      case 'quota.reserved.v2':
        return {
          ...before,
          usage: event.data.reservations.reduce((usage, { amounts }) => sumOf(usage, amounts), before.usage),
        };
      case 'quota.reservation-changed.v1':
        if (reservation === null) return row;
        return { ...before, usage: sumOf(sumOf(before.usage, reservation.amounts, -1), event.data.amounts) };
      case 'quota.released.v2':
        if (reservation === null) return row;
        return { ...before, usage: sumOf(before.usage, reservation.amounts, -1) };
      default:
        return unreachable(event);
    }
  },
};
