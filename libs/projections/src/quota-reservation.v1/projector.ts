import { type QuotaEvent, streamName } from '@cairn/domain';
import type { Projection } from '../projection';
import { QuotaReservationRow } from './row';

type Seen = Extract<QuotaEvent, { type: 'quota.reserved.v2' | 'quota.reservation-changed.v1' | 'quota.released.v2' }>;

export const quotaReservations: Projection<QuotaReservationRow, Seen> = {
  name: 'quota-reservations.v1',
  group: 'quotas',
  version: 1,
  entity: QuotaReservationRow,
  owner: { category: 'quota', column: 'projectId' },
  types: { 'quota.reserved.v2': true, 'quota.reservation-changed.v1': true, 'quota.released.v2': true },
  keys: (event) =>
    'owner' in event.data
      ? [streamName(event.data.owner)]
      : event.data.reservations.map(({ owner }) => streamName(owner)),
  apply(row, event, key) {
    if (event.type === 'quota.released.v2') return null;
    if (event.type === 'quota.reservation-changed.v1') return row && { ...row, amounts: event.data.amounts };
    const found = event.data.reservations.find(({ owner }) => streamName(owner) === key);
    return found === undefined ? null : { id: key, projectId: event.streamId, amounts: found.amounts };
  },
};
