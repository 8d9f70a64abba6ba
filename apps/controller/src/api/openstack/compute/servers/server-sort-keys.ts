import type { ServerRow } from '@cairn/projections';
import type { Asking, ColumnOf } from '../../../../application/lists';
import { HttpProblem } from '../../../http';

/** What nova once sorted by, and now accepts without sorting by it. */
const IGNORED = [
  'architecture',
  'cell_name',
  'cleaned',
  'default_ephemeral_device',
  'default_swap_device',
  'deleted',
  'deleted_at',
  'disable_terminate',
  'ephemeral_gb',
  'ephemeral_key_uuid',
  'id',
  'key_data',
  'launched_on',
  'memory_mb',
  'os_type',
  'reservation_id',
  'root_gb',
  'shutdown_terminate',
  'user_data',
  'vcpus',
  'vm_mode',
];

/** nova's names of what a list may be sorted by; null for what is the same for all servers here, or is ignored. */
export const SORT_KEYS: Readonly<Record<string, ColumnOf<ServerRow> | null>> = {
  access_ip_v4: 'accessIpV4',
  access_ip_v6: 'accessIpV6',
  auto_disk_config: 'autoDiskConfig',
  availability_zone: 'availabilityZone',
  config_drive: 'hasConfigDrive',
  created_at: 'createdAt',
  display_description: 'description',
  display_name: 'name',
  host: 'hostName',
  hostname: 'hostname',
  image_ref: 'imageId',
  instance_type_id: 'flavorId',
  kernel_id: 'kernelId',
  key_name: 'keyName',
  launch_index: 'launchIndex',
  launched_at: 'launchedAt',
  locked: 'locked',
  locked_by: null,
  node: 'hostName',
  power_state: 'powerState',
  progress: 'progress',
  project_id: 'projectId',
  ramdisk_id: 'ramdiskId',
  root_device_name: 'rootDevice',
  task_state: 'taskState',
  terminated_at: 'terminatedAt',
  updated_at: 'updatedAt',
  user_id: 'userId',
  uuid: 'id',
  vm_state: 'vmState',
  ...Object.fromEntries(IGNORED.map((key) => [key, null])),
};

/** From here on `locked` is a key, before it is ignored with the others. */
const LOCKED_SINCE = 73;
/** Up to here a list may be sorted by what is ignored. */
const IGNORED_UNTIL = 74;

const WITHOUT_IGNORED = Object.fromEntries(Object.entries(SORT_KEYS).filter(([name]) => !IGNORED.includes(name)));

export function sortKeysIn(minor: number): typeof SORT_KEYS {
  if (minor > IGNORED_UNTIL) return WITHOUT_IGNORED;
  return minor < LOCKED_SINCE ? { ...SORT_KEYS, locked: null } : SORT_KEYS;
}

/** The order would tell tenants which servers share a host. */
export const sortRefusal = (key: string, { rights }: Asking): Error | undefined =>
  (key === 'host' || key === 'node') && !rights.isAdmin
    ? new HttpProblem(403, `Only administrators can sort servers by ${key}`)
    : undefined;
