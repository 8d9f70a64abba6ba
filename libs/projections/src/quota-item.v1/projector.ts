import type { QuotaEvent } from '@cairn/domain';
import type { Projection } from '../projection';
import { QuotaItemRow } from './row';

type Seen = Extract<QuotaEvent, { type: 'quota.reserved.v1' | 'quota.released.v1' }>;

export const quotaItems: Projection<QuotaItemRow, Seen> = {
  name: 'quota-items.v1',
  version: 1,
  entity: QuotaItemRow,
  types: { 'quota.reserved.v1': true, 'quota.released.v1': true },
  keys: (event) =>
    event.type === 'quota.released.v1' ? [event.data.instanceId] : event.data.items.map(({ instanceId }) => instanceId),
  apply(_row, event, key) {
    if (event.type === 'quota.released.v1') return null;
    const item = event.data.items.find(({ instanceId }) => instanceId === key);
    return item === undefined ? null : { id: key, projectId: event.streamId, cores: item.cores, ramMb: item.ramMb };
  },
};
