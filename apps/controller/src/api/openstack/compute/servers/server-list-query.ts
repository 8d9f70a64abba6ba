import type { Rights } from '../../../../policy';
import {
  type ExactColumn,
  NEWEST_FIRST,
  type ServerFilter,
  type SortColumn,
  type StateFilter,
} from '../../../../application/server/server-filter';
import { badRequest } from '../shared/additional';
import type { QueryParameters } from '../shared/links';
import { flagOf, lastOf, limitOf, sortOf } from '../shared/query-values';
import { parseMoment } from '../shared/timestamps';
import { statesOf } from './server-status';

/** A request for a list: its caller and its parameters. */
export interface ListRequest {
  readonly query: QueryParameters;
  readonly projectId: string;
  readonly rights: Rights;
  readonly minor: number;
  /** `index` or `detail`: names the rule that refuses. */
  readonly action: 'index' | 'detail';
}

/** nova's names of what a list may be sorted by; null for what is the same for all servers here. */
const SORT_KEYS: Readonly<Record<string, SortColumn | null>> = {
  access_ip_v4: null,
  access_ip_v6: null,
  auto_disk_config: null,
  availability_zone: 'availabilityZone',
  config_drive: null,
  created_at: 'createdAt',
  display_description: 'description',
  display_name: 'name',
  host: 'hostName',
  hostname: 'hostname',
  image_ref: 'imageId',
  instance_type_id: 'flavorId',
  kernel_id: null,
  key_name: 'keyName',
  launch_index: 'launchIndex',
  launched_at: 'launchedAt',
  locked_by: null,
  node: 'hostName',
  power_state: 'powerState',
  progress: 'progress',
  project_id: 'projectId',
  ramdisk_id: null,
  root_device_name: null,
  task_state: 'taskState',
  terminated_at: 'terminatedAt',
  updated_at: 'updatedAt',
  user_id: 'userId',
  uuid: 'id',
  vm_state: 'vmState',
};

/** Filters by an exact value: those for everyone, and those for administrators only. */
const EVERYONES: Readonly<Record<string, ExactColumn>> = {
  image: 'imageId',
  image_ref: 'imageId',
  flavor: 'flavorId',
  reservation_id: 'reservationId',
};
const ADMINS: Readonly<Record<string, ExactColumn>> = {
  host: 'hostName',
  node: 'hostName',
  user_id: 'userId',
  uuid: 'id',
  vm_state: 'vmState',
  task_state: 'taskState',
  power_state: 'powerState',
  launch_index: 'launchIndex',
  key_name: 'keyName',
  hostname: 'hostname',
  description: 'description',
  display_description: 'description',
  availability_zone: 'availabilityZone',
  kernel_id: 'kernelId',
  ramdisk_id: 'ramdiskId',
};
const NUMBERS = new Set<ExactColumn>(['powerState', 'launchIndex']);

/** Clients also send URLs of what they filter by. */
const idOf = (reference: string): string => reference.split('/').at(-1) ?? reference;

function exactOf({ query, rights }: ListRequest): ServerFilter['exact'] {
  const known = rights.may('os_compute_api:servers:allow_all_filters') ? { ...ADMINS, ...EVERYONES } : EVERYONES;
  const exact: Partial<Record<ExactColumn, string | number>> = {};
  for (const [name, column] of Object.entries(known)) {
    const value = lastOf(query, name);
    if (value === undefined) continue;
    if (NUMBERS.has(column) && !/^\d{1,9}$/.test(value))
      throw badRequest(`Invalid value '${value}' for filter ${name}`);
    exact[column] = NUMBERS.has(column) ? Number(value) : name === 'image' || name === 'flavor' ? idOf(value) : value;
  }
  return exact;
}

interface States {
  readonly states: readonly StateFilter[] | null;
  readonly deleted: boolean;
}

/** @throws HttpProblem 400 from 2.38 on for a status that does not exist; before that such a status has no servers. */
function statesAsked({ query, rights, minor }: ListRequest): States {
  const statuses = (query.get('status') ?? []).filter((status) => status !== '');
  if (statuses.length === 0) return { states: null, deleted: false };
  const found = statuses.map(statesOf);
  if (minor >= 38 && found.every((states) => states === undefined)) throw badRequest('Invalid status value');
  const states = found.flatMap((some) => some ?? []);
  const deleted = states.some(({ vmState }) => vmState === 'deleted');
  if (deleted) rights.require('os_compute_api:servers:index:get_all_tenants');
  return { states, deleted };
}

/** The project whose servers are listed; null for all. A project is only asked for together with all of them. */
function projectAsked({ query, rights, projectId, action }: ListRequest): string | null {
  if (flagOf(query, 'all_tenants') !== true) return projectId;
  rights.require(`os_compute_api:servers:${action}:get_all_tenants`);
  return lastOf(query, 'project_id') ?? lastOf(query, 'tenant_id') ?? null;
}

function changesSince(query: QueryParameters): string | null {
  const text = lastOf(query, 'changes-since');
  if (text === undefined) return null;
  const moment = parseMoment(text);
  if (moment === undefined)
    throw badRequest(
      `Invalid input for query parameters changes-since. Value: ${text.slice(0, 255)}. is not a 'date-time'`,
    );
  return moment;
}

/**
 * The query of a list of servers: for tenants name, status, image, flavor, ip,
 * reservation_id and changes-since, for administrators nearly every column. Unknown parameters are dropped.
 *
 * @throws HttpProblem 400 for values that cannot be, 403 for what only administrators may ask.
 */
export function serverFilter(request: ListRequest): ServerFilter {
  const { query, rights } = request;
  const { states, deleted: deletedAsked } = statesAsked(request);
  const changedSince = changesSince(query);
  const onlyDeleted = deletedAsked || (rights.isAdmin && flagOf(query, 'deleted') === true);
  const sort = sortOf(query, SORT_KEYS, 'DESC');
  return {
    projectId: projectAsked(request),
    exact: exactOf(request),
    states,
    deleted: onlyDeleted ? 'only' : changedSince === null ? 'none' : 'both',
    changedSince,
    name: lastOf(query, 'name') ?? null,
    address: lastOf(query, 'ip') ?? null,
    sort: sort.length === 0 ? NEWEST_FIRST : sort,
    limit: limitOf(query),
    brief: request.action === 'index',
    marker: lastOf(query, 'marker') ?? null,
  };
}
