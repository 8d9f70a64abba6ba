import { type QuotaEvent, unreachable, withChanges } from '@cairn/domain';
import type { Projection } from '../projection';
import { QuotaItemRow } from '../quota-item.v1/row';
import { QuotaRow } from './row';

/** How reservations are settled shows only by what is given back. */
type Unseen = 'quota.confirmed.v2' | 'quota.owner-found.v1' | 'quota.undo-requested.v2';
type Seen = Exclude<QuotaEvent, { type: Unseen }>;

const untouched = (id: string): QuotaRow => ({ id, overrides: {}, instances: 0, cores: 0, ramMb: 0 });

export const quotas: Projection<QuotaRow, Seen, QuotaItemRow> = {
  name: 'quotas.v1',
  group: 'quotas',
  version: 2,
  entity: QuotaRow,
  types: { 'quota.limits-set.v2': true, 'quota.reserved.v2': true, 'quota.released.v2': true },
  keys: ({ streamId }) => [streamId],
  /** A release does not say how much it gives back; the item does. */
  related: {
    entity: QuotaItemRow,
    key: (event) => (event.type === 'quota.released.v2' ? event.data.owner.id : null),
  },
  apply(row, event, key, item) {
    const before = row ?? untouched(key);
    switch (event.type) {
      case 'quota.limits-set.v2':
        return { ...before, overrides: withChanges(before.overrides, event.data.limits) };
      case 'quota.reserved.v2': {
        const sum = (name: string): number =>
          event.data.reservations.reduce((total, { amounts }) => total + (amounts[name] ?? 0), 0);
        return {
          ...before,
          instances: before.instances + sum('instances'),
          cores: before.cores + sum('cores'),
          ramMb: before.ramMb + sum('ram'),
        };
      }
      case 'quota.released.v2':
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
