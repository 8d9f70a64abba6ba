import { HostRow } from '@cairn/projections';
import {
  all,
  any,
  equal,
  everything,
  exactly,
  type ListDefinition,
  part,
  type TableList,
  unset,
} from '../../../../application/lists';
import { novaLists, novaMarker, strictSince } from '../shared/nova-lists';
import { type ServiceView, UUIDS_SINCE } from './service.presenter';

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

export const PATTERN = 'hypervisor_hostname_pattern';
export const WITH_SERVERS = 'with_servers';

/** The same from 2.53 on: a page is marked by a UUID, and a part of a name is looked for, in any case. */
export const HYPERVISORS_BY_UUID: TableList<HostRow> = {
  ...HYPERVISORS,
  api: { ...novaLists, unknown: strictSince(UUIDS_SINCE) },
  key: 'id',
  parameters: [WITH_SERVERS],
  filters: {
    [PATTERN]: {
      read: ({ value }) =>
        any([
          part<HostRow>('hostname', value, 'anywhere', true),
          all([unset<HostRow>('hostname'), part<HostRow>('name', value, 'anywhere', true)]),
        ]),
    },
  },
  paging: novaMarker('id'),
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

/** The same as `os-hosts` lists them: those that are enabled. */
export const HOSTS: ListDefinition<ServiceView> = {
  ...SERVICES,
  scope: () => equal('enabled', true),
  filters: { zone: { read: ({ value }) => (value === '' ? everything() : equal('zone', value)) } },
};
