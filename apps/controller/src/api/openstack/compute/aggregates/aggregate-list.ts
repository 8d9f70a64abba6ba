import { HostAggregateRow } from '@cairn/projections';
import { everything, type TableList } from '../../../../application/lists';
import { withoutSchema } from '../shared/nova-lists';

/** All host aggregates, in the order of their creation. nova's list has no filters and no pages. */
export const AGGREGATES: TableList<HostAggregateRow> = {
  api: withoutSchema,
  entity: HostAggregateRow,
  key: 'number',
  scope: everything,
  filters: {},
  sorting: { keys: {}, usual: [{ column: 'number', direction: 'ASC' }] },
};
