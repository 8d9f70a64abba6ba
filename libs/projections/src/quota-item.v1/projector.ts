import type { QuotaEvent } from '@cairn/domain';
import type { Projection } from '../projection';
import { QuotaItemRow } from './row';

type Seen = Extract<QuotaEvent, { type: 'quota.reserved.v2' | 'quota.released.v2' }>;

export const quotaItems: Projection<QuotaItemRow, Seen> = {
  name: 'quota-items.v1',
  group: 'quotas',
  version: 1,
  entity: QuotaItemRow,
  types: { 'quota.reserved.v2': true, 'quota.released.v2': true },
  keys: (event) =>
    event.type === 'quota.released.v2' ? [event.data.owner.id] : event.data.reservations.map(({ owner }) => owner.id),
  apply(_row, event, key) {
    if (event.type === 'quota.released.v2') return null;
    const amounts = event.data.reservations.find(({ owner }) => owner.id === key)?.amounts;
    if (amounts === undefined) return null;
    return { id: key, projectId: event.streamId, cores: amounts['cores'] ?? 0, ramMb: amounts['ram'] ?? 0 };
  },
};
