import { FloatingIpRow } from '@cairn/projections';
import { ofOwnProject, type TableList } from '../../../../application/lists';
import { withoutSchema } from '../shared/nova-lists';

/** The floating IPs of the own project, in the order in which they were allocated. */
export const FLOATING_IPS: TableList<FloatingIpRow> = {
  api: withoutSchema,
  entity: FloatingIpRow,
  key: 'id',
  scope: ofOwnProject,
  filters: {},
  sorting: { keys: {}, usual: [{ column: 'number', direction: 'ASC' }] },
};
