import { type QuotaEvent, unreachable } from '@cairn/domain';
import type { Projection } from '../projection';
import { QuotaItemRow } from '../quota-item.v1/row';
import { QuotaRow } from './row';

/** How reservations are settled shows only by what is given back. */
type Unseen = 'quota.confirmed.v1' | 'quota.launch-found.v1' | 'quota.undo-requested.v1';
type Seen = Exclude<QuotaEvent, { type: Unseen }>;

const untouched = (id: string): QuotaRow => ({ id, overrides: {}, instances: 0, cores: 0, ramMb: 0 });

export const quotas: Projection<QuotaRow, Seen, QuotaItemRow> = {
  name: 'quotas.v1',
  version: 1,
  entity: QuotaRow,
  types: { 'quota.limits-set.v1': true, 'quota.reserved.v1': true, 'quota.released.v1': true },
  keys: ({ streamId }) => [streamId],
  /** A release does not say how much it gives back; the item does. */
  related: {
    entity: QuotaItemRow,
    key: (event) => (event.type === 'quota.released.v1' ? event.data.instanceId : null),
  },
  apply(row, event, key, item) {
    const before = row ?? untouched(key);
    switch (event.type) {
      case 'quota.limits-set.v1': {
        const merged = Object.entries({ ...before.overrides, ...event.data.limits });
        return { ...before, overrides: Object.fromEntries(merged.filter(([, limit]) => limit !== null)) };
      }
      case 'quota.reserved.v1': {
        const { items } = event.data;
        return {
          ...before,
          instances: before.instances + items.length,
          cores: items.reduce((sum, { cores }) => sum + cores, before.cores),
          ramMb: items.reduce((sum, { ramMb }) => sum + ramMb, before.ramMb),
        };
      }
      case 'quota.released.v1':
        if (item === null) return row;
        return {
          ...before,
          instances: before.instances - 1,
          cores: before.cores - item.cores,
          ramMb: before.ramMb - item.ramMb,
        };
      default:
        return unreachable(event);
    }
  },
};
