import { allHostAggregates, HOST_AGGREGATES, type HostAggregates } from '@cairn/domain';
import { HostAggregateRow } from '../../read-models';
import type { Agreement } from '../agreement';

export const hostAggregate: Agreement = {
  says: 'of host aggregates: which there are, what they say, and their hosts',
  rows: [HostAggregateRow],
  holds(cloud, model) {
    const rows = [...model.all(HostAggregateRow)].sort((a, b) => a.number - b.number);
    const state = cloud.state(HOST_AGGREGATES) as HostAggregates;
    expect(rows.map(({ id: _id, ...row }) => row)).toEqual(allHostAggregates(state));
  },
};
