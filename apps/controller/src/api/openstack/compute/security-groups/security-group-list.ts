import type { SecurityRule } from '@cairn/domain';
import { SecurityGroupRow } from '@cairn/projections';
import { equal, everything, type ListDefinition, type TableList } from '../../../../application/lists';
import { byOffset } from '../shared/nova-lists';

/** The groups of the project by name, or for administrators those of all. */
export const SECURITY_GROUPS: TableList<SecurityGroupRow> = {
  api: byOffset,
  entity: SecurityGroupRow,
  key: 'id',
  scope: ({ query, rights, projectId }) =>
    query.has('all_tenants') && rights.isAdmin ? everything() : equal('projectId', projectId ?? ''),
  parameters: ['all_tenants'],
  filters: {},
  sorting: {
    keys: {},
    usual: [
      { column: 'projectId', direction: 'ASC' },
      { column: 'name', direction: 'ASC' },
    ],
  },
  paging: 'offset',
};

export const DEFAULT_RULES: ListDefinition<SecurityRule> = {
  api: byOffset,
  key: 'ruleId',
  scope: everything,
  filters: {},
  sorting: { keys: {}, usual: [{ column: 'number', direction: 'ASC' }] },
};
