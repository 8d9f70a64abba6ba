import { aggregateAfter, HOST_AGGREGATES, type HostAggregateEvent } from '@cairn/domain';
import { existing, type Projection } from '../projection';
import { HostAggregateRow } from './row';

export const hostAggregates: Projection<HostAggregateRow, HostAggregateEvent> = {
  name: 'host-aggregates.v1',
  group: 'hosts',
  version: 1,
  entity: HostAggregateRow,
  owner: { ...HOST_AGGREGATES, column: null },
  types: {
    'host-aggregate.created.v1': true,
    'host-aggregate.renamed.v1': true,
    'host-aggregate.metadata-set.v1': true,
    'host-aggregate.host-added.v1': true,
    'host-aggregate.host-removed.v1': true,
    'host-aggregate.deleted.v1': true,
  },
  keys: ({ data }) => [String(data.number)],
  apply(row, event, key) {
    if (event.type === 'host-aggregate.deleted.v1') return null;
    if (event.type === 'host-aggregate.created.v1')
      return { id: key, ...event.data, hosts: [], createdAt: event.at, updatedAt: null };
    return aggregateAfter(existing(row, event), event, event.at);
  },
};
