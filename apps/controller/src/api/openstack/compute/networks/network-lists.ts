import { NetworkRow } from '@cairn/projections';
import { equal, type TableList } from '../../../../application/lists';
import { novaLists } from '../shared/nova-lists';

/** Networks that are there, the oldest first. */
export const NETWORKS: TableList<NetworkRow> = {
  api: novaLists,
  entity: NetworkRow,
  key: 'id',
  scope: () => equal('deleted', false),
  filters: {},
  sorting: { keys: {}, usual: [{ column: 'createdAt', direction: 'ASC' }] },
};
