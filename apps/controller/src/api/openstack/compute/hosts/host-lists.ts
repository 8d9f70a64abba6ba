import { HostRow } from '@cairn/projections';
import { equal, everything, exactly, type ListDefinition, type TableList } from '../../../../application/lists';
import { novaLists, novaMarker } from '../shared/nova-lists';
import type { ServiceView } from './service.presenter';

const PAGES_SINCE = 33;

/** Hypervisors by number, which marks pages, too. */
export const HYPERVISORS: TableList<HostRow> = {
  api: novaLists,
  entity: HostRow,
  key: 'number',
  scope: everything,
  filters: {},
  sorting: { keys: {}, usual: [{ column: 'number', direction: 'ASC' }] },
  paging: novaMarker('number', { since: PAGES_SINCE }),
};

/** Services as `os-services` lists them: the controller's own first, as a cloud's first services are. */
export const SERVICES: ListDefinition<ServiceView> = {
  api: novaLists,
  key: 'id',
  scope: everything,
  filters: { host: exactly('host'), binary: exactly('binary') },
  sorting: {
    keys: {},
    usual: [
      { column: 'ofController', direction: 'DESC' },
      { column: 'id', direction: 'ASC' },
    ],
  },
};

/** The same as `os-hosts` lists them. */
export const HOSTS: ListDefinition<ServiceView> = {
  ...SERVICES,
  filters: { zone: { read: ({ value }) => (value === '' ? everything() : equal('zone', value)) } },
};
