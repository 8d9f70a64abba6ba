import { ServerGroupRow } from '@cairn/projections';
import { everything, ofOwnProject, type TableList } from '../../../../application/lists';
import { byOffset } from '../shared/nova-lists';

/**
 * The groups of the own project, the oldest first. `all_projects` shows administrators those of all, and means nothing
 * for others, as in nova.
 */
export const SERVER_GROUPS: TableList<ServerGroupRow> = {
  api: byOffset,
  entity: ServerGroupRow,
  key: 'id',
  scope: (asking) => {
    const { query, rights } = asking;
    if (!query.has('all_projects') || !rights.isAdmin) return ofOwnProject(asking);
    rights.require('os_compute_api:os-server-groups:index:all_projects');
    return everything();
  },
  parameters: ['all_projects'],
  filters: {},
  sorting: { keys: {}, usual: [{ column: 'createdAt', direction: 'ASC' }] },
  paging: 'offset',
};
