import { MigrationRow } from '@cairn/projections';
import { any, equal, everything, exactly, type Filters, type TableList, without } from '../../../../application/lists';
import { badRequest } from '../shared/additional';
import { changedFilters } from '../shared/changed-filters';
import { novaLists, novaMarker, strictSince } from '../shared/nova-lists';

/** The microversion that brings pages and UUIDs, and refuses parameters that the list does not know. */
export const PAGES_SINCE = 59;
const ASKERS_SINCE = 80;

const FILTERS: Filters<MigrationRow> = {
  hidden: without(), // none is
  host: { read: ({ value }) => any([equal('sourceHost', value), equal('destHost', value)]) },
  instance_uuid: exactly('instanceId'),
  // as in nova, it counts for nothing beside a host
  source_compute: {
    read: ({ value, asking }) => (asking.query.has('host') ? everything() : equal('sourceHost', value)),
  },
  status: exactly('status'),
  migration_type: exactly('type'),
  ...changedFilters('updatedAt', PAGES_SINCE),
  user_id: { ...exactly('userId'), since: ASKERS_SINCE },
  project_id: { ...exactly('projectId'), since: ASKERS_SINCE },
};

/** Migrations of all projects before 2.59, in the order of their numbers. */
export const MIGRATIONS: TableList<MigrationRow> = {
  api: { ...novaLists, unknown: strictSince(PAGES_SINCE) },
  entity: MigrationRow,
  key: 'id',
  scope: everything,
  filters: FILTERS,
  sorting: { keys: {}, usual: [{ column: 'number', direction: 'ASC' }] },
};

/** From 2.59 on: in pages, the newest first. */
export const PAGED_MIGRATIONS: TableList<MigrationRow> = {
  ...MIGRATIONS,
  sorting: {
    keys: {},
    usual: [
      { column: 'createdAt', direction: 'DESC' },
      { column: 'number', direction: 'DESC' },
    ],
  },
  paging: novaMarker('id', {
    missing: (marker) => badRequest(`Marker ${marker.slice(0, 255)} could not be found.`),
  }),
};
