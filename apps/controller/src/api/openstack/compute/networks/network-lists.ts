import { NetworkRow } from '@cairn/projections';
import { equal, everything, type ListDefinition, type TableList } from '../../../../application/lists';
import { byOffset, novaLists } from '../shared/nova-lists';
import type { DEFAULT_GROUP } from './security-group.presenter';

/** Networks that are there, the oldest first. */
export const NETWORKS: TableList<NetworkRow> = {
  api: novaLists,
  entity: NetworkRow,
  key: 'id',
  scope: () => equal('deleted', false),
  filters: {},
  sorting: { keys: {}, usual: [{ column: 'createdAt', direction: 'ASC' }] },
};

export const SECURITY_GROUPS: ListDefinition<typeof DEFAULT_GROUP> = {
  api: byOffset,
  key: 'id',
  scope: everything,
  parameters: ['all_tenants'],
  filters: {},
  sorting: { keys: {}, usual: [{ column: 'id', direction: 'ASC' }] },
  paging: 'offset',
};
