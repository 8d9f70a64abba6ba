import { NetworkRow } from '@cairn/projections';
import { all, any, type Condition, equal, type TableList, unset } from '../../../../application/lists';
import { novaLists } from '../shared/nova-lists';

/** Administrators see every network, others those of their project and those that are everybody's, which no VLAN is. */
const usableBy = (projectId: string): Condition<NetworkRow> =>
  any([all([unset('projectId'), unset('vlan')]), equal('projectId', projectId)]);

/** Networks that are there, the oldest first. */
export const NETWORKS: TableList<NetworkRow> = {
  api: novaLists,
  entity: NetworkRow,
  key: 'id',
  scope: ({ rights, projectId }) =>
    rights.isAdmin ? equal('deleted', false) : all([equal('deleted', false), usableBy(projectId ?? '')]),
  filters: {},
  sorting: { keys: {}, usual: [{ column: 'createdAt', direction: 'ASC' }] },
};
