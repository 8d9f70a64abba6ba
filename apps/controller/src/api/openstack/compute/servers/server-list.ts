import { ServerRow, ServerTagRow } from '@cairn/projections';
import {
  all,
  among,
  any,
  type Asking,
  type ColumnOf,
  type Condition,
  equal,
  everything,
  exactly,
  type Filter,
  type Filters,
  type Given,
  lastOf,
  matching,
  matchingTexts,
  not,
  ofOwnProject,
  oneOf,
  type TableList,
  without,
} from '../../../../application/lists';
import { HttpProblem } from '../../../http';
import { booleanWord } from '../../boolean-words';
import { badRequest } from '../shared/additional';
import { BEFORE_SINCE, changedFilters } from '../shared/changed-filters';
import { invalidInput, invalidParameter, novaLists, novaMarker } from '../shared/nova-lists';
import { SORT_KEYS, sortKeysIn, sortRefusal } from './server-sort-keys';
import { type StateFilter, statesOf } from './server-status';

/** Lets a caller filter by nearly every column; other callers' filters are dropped. */
const ALL_FILTERS = 'os_compute_api:servers:allow_all_filters';

const admins = (filter: Filter<ServerRow>, more: Partial<Filter<ServerRow>> = {}): Filter<ServerRow> => ({
  ...filter,
  rule: ALL_FILTERS,
  ...more,
});

/** Open to everyone since nova's 2.83. */
const openNow = { openSince: 83 };

/** Clients also send URLs of what they filter by. */
const reference = (column: ColumnOf<ServerRow>): Filter<ServerRow> =>
  exactly(column, (value) => value.split('/').at(-1) ?? value);

/** A moment as nova's database writes it, in which its expressions look. */
const moment = (column: 'createdAt' | 'launchedAt' | 'terminatedAt'): Filter<ServerRow> =>
  matchingTexts([column], ({ [column]: at }) => (at === null ? [] : [at.slice(0, 19).replace('T', ' ')]));

const addresses = (version: 4 | 6): Filter<ServerRow> =>
  matchingTexts(['fixedIps'], ({ fixedIps }) =>
    fixedIps.split(' ').filter((address) => address !== '' && address.includes(':') === (version === 6)),
  );

/** Servers with one of these tags. */
const tagged = (tags: readonly string[]): Condition<ServerRow> =>
  among('id', ServerTagRow, 'serverId', oneOf<ServerTagRow>('tag', tags));

/** A filter by tags, which stand in one parameter with commas between them (2.26). */
const tags = (whether: (tags: readonly string[]) => Condition<ServerRow>): Filter<ServerRow> => ({
  since: 26,
  read: ({ value }) => whether(value.split(',')),
});

const withAll = (asked: readonly string[]): Condition<ServerRow> => all(asked.map((tag) => tagged([tag])));

/** Nova's servers have these in tables of their own; names that begin with `_` are its own affair. */
const otherTable: Filter<ServerRow> = admins({
  read: ({ name }) => {
    throw badRequest(`Invalid filter field: ${name}.`);
  },
});

function lockedOf(name: string, value: string): boolean {
  const flag = booleanWord(value);
  if (flag === undefined) throw invalidParameter(name, value, 'is neither true nor false');
  return flag;
}

const inState = ({ vmState, tasks, notTasks = [] }: StateFilter): Condition<ServerRow> =>
  all([
    equal<ServerRow>('vmState', vmState),
    tasks === undefined ? not(oneOf<ServerRow>('taskState', notTasks)) : oneOf<ServerRow>('taskState', tasks),
  ]);

/** @throws HttpProblem 400 from 2.38 on for a status that does not exist; before that such a status has no servers. */
function inStatus({ values, asking }: Given): Condition<ServerRow> {
  const found = values.map(statesOf);
  if (asking.minor >= 38 && found.every((states) => states === undefined)) throw badRequest('Invalid status value');
  return any(found.flatMap((states) => states ?? []).map(inState));
}

const FILTERS: Filters<ServerRow> = {
  name: matching('name'),
  status: { read: inStatus },
  image: reference('imageId'),
  flavor: reference('flavorId'),
  ip: addresses(4),
  ip6: admins(addresses(6), { openSince: 5 }),
  reservation_id: matching('reservationId'),
  ...changedFilters('updatedAt'),
  tags: tags(withAll),
  'tags-any': tags(tagged),
  'not-tags': tags((asked) => not(withAll(asked))),
  'not-tags-any': tags((asked) => not(tagged(asked))),
  image_ref: admins(reference('imageId')),
  host: admins(exactly('hostName')),
  node: admins(matching('hostName')),
  uuid: admins(exactly('id')),
  user_id: admins(exactly('userId'), openNow),
  vm_state: admins(exactly('vmState'), openNow),
  task_state: admins(exactly('taskState'), openNow),
  power_state: admins(matching('powerState'), openNow),
  progress: admins(matching('progress'), openNow),
  key_name: admins(matching('keyName'), openNow),
  created_at: admins(moment('createdAt'), openNow),
  launched_at: admins(moment('launchedAt'), openNow),
  terminated_at: admins(moment('terminatedAt'), openNow),
  config_drive: admins(
    matchingTexts(['hasConfigDrive'], ({ hasConfigDrive }) => [hasConfigDrive ? 'True' : '']),
    openNow,
  ),
  root_device_name: admins(matching('rootDevice')),
  display_name: admins(matching('name')),
  description: admins(matching('description')),
  display_description: admins(matching('description')),
  hostname: admins(matching('hostname')),
  kernel_id: admins(matching('kernelId')),
  ramdisk_id: admins(matching('ramdiskId')),
  launch_index: admins(matching('launchIndex')),
  access_ip_v4: admins(matching('accessIpV4')),
  access_ip_v6: admins(matching('accessIpV6')),
  auto_disk_config: admins(matchingTexts(['autoDiskConfig'], ({ autoDiskConfig }) => [autoDiskConfig ? '1' : '0'])),
  locked: { since: 73, read: ({ name, value }) => equal('locked', lockedOf(name, value)) },
  locked_by: admins(without()),
  ...Object.fromEntries(
    [
      'block_device_mapping',
      'services',
      'metadata',
      'system_metadata',
      'info_cache',
      'security_groups',
      'pci_devices',
    ].map((name) => [name, otherTable]),
  ),
};

/** Which zone each host is in now, by the host's id. */
export type Zones = ReadonlyMap<string, string>;

/** The zone that a server is shown in: its host's, or the one that was asked for as long as it has no host. */
const inZone = (zones: Zones): Filter<ServerRow> =>
  matchingTexts(['hostId', 'availabilityZone'], ({ hostId, availabilityZone }) => {
    const zone = (hostId === null ? undefined : zones.get(hostId)) ?? availabilityZone;
    return zone === null ? [] : [zone];
  });

/** The project whose servers are listed; a project is only asked for together with all of them. */
function ofProject(asking: Asking, action: string): Condition<ServerRow> {
  const { query, rights } = asking;
  if (!isForAll(query)) return ofOwnProject(asking);
  rights.require(`os_compute_api:servers:${action}:get_all_tenants`);
  const asked = lastOf(query, 'project_id') ?? lastOf(query, 'tenant_id');
  return asked === undefined ? everything() : equal('projectId', asked);
}

/** `?all_tenants` alone means yes. */
function isForAll(query: Asking['query']): boolean {
  const text = lastOf(query, 'all_tenants');
  if (text === undefined || text === '') return text === '';
  const flag = booleanWord(text);
  if (flag !== undefined) return flag;
  const words = "'0', 'f', 'false', 'n', 'no', 'off', '1', 'on', 't', 'true', 'y', 'yes'";
  throw invalidInput(`Unrecognized value '${text.slice(0, 255)}', acceptable values are: ${words}`);
}

const THERE = equal<ServerRow>('deleted', false);
const SOFT_DELETED = all([THERE, equal<ServerRow>('vmState', 'soft-delete')]);

/**
 * Deleted servers, softly or not, are shown in lists of changes, and to administrators who want them. For nova
 * any text says yes to `soft_deleted`, even `false`.
 */
function ofLife({ query, rights, minor }: Asking): Condition<ServerRow> {
  const states = (query.get('status') ?? []).flatMap((status) => statesOf(status) ?? []);
  if (states.length > 0 && states.every(({ vmState }) => vmState === 'deleted')) {
    if (!rights.isAdmin) throw new HttpProblem(403, 'Only administrators may list deleted instances');
    return equal('deleted', true);
  }
  const deleted = lastOf(query, 'deleted');
  const asked = rights.may(ALL_FILTERS);
  const soft = asked ? lastOf(query, 'soft_deleted') : undefined;
  if (deleted !== undefined && asked && booleanWord(deleted) === true)
    return soft === '' ? equal('deleted', true) : any([equal('deleted', true), SOFT_DELETED]);
  const asksForChanges = query.has('changes-since') || (minor >= BEFORE_SINCE && query.has('changes-before'));
  if (asksForChanges && (deleted === undefined || !asked)) return everything();
  return soft === undefined || soft === '' ? all([THERE, not(SOFT_DELETED)]) : THERE;
}

/**
 * Servers as nova lists them: the newest of the own project first.
 * @param action names the rule that refuses to list those of all projects
 * @param zones of all hosts, for a request that filters by `availability_zone`
 */
export const serverList = (action: 'index' | 'detail', zones: Zones = new Map()): TableList<ServerRow> => ({
  api: novaLists,
  entity: ServerRow,
  key: 'id',
  scope: (asking) => all([ofProject(asking, action), ofLife(asking)]),
  parameters: ['all_tenants', 'project_id', 'tenant_id', 'deleted', 'soft_deleted'],
  filters: { ...FILTERS, availability_zone: admins(inZone(zones), openNow) },
  others: (name) => (name.startsWith('_') ? otherTable : undefined),
  sorting: {
    keys: SORT_KEYS,
    keysIn: sortKeysIn,
    usual: [{ column: 'createdAt', direction: 'DESC' }],
    refusal: sortRefusal,
  },
  // a deleted server still says where a page begins
  paging: novaMarker('id', { visible: (asking) => ofProject(asking, action) }),
});
