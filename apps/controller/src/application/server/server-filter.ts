import type { Instant } from '@cairn/domain';

/** A vm_state, with the tasks that belong to the filter or do not. */
export interface StateFilter {
  readonly vmState: string;
  /** Only servers in one of these tasks; undefined: in any task but those of `notTasks`. */
  readonly tasks?: readonly string[];
  readonly notTasks?: readonly string[];
}

/** Columns that a filter can compare with an exact value. */
export type ExactColumn =
  | 'id'
  | 'userId'
  | 'vmState'
  | 'taskState'
  | 'powerState'
  | 'flavorId'
  | 'imageId'
  | 'kernelId'
  | 'ramdiskId'
  | 'keyName'
  | 'hostname'
  | 'description'
  | 'hostName'
  | 'hostId'
  | 'availabilityZone'
  | 'reservationId'
  | 'launchIndex';

/** Columns that a list may be sorted by, and the expression by which they compare (no value sorts as nothing). */
export const SORT_COLUMNS = {
  createdAt: 'created_at',
  updatedAt: 'updated_at',
  id: 'id',
  name: 'name',
  hostname: 'hostname',
  projectId: 'project_id',
  userId: 'user_id',
  vmState: 'vm_state',
  powerState: 'power_state',
  progress: 'progress',
  launchIndex: 'launch_index',
  flavorId: 'flavor_id',
  imageId: 'image_id',
  reservationId: 'reservation_id',
  vcpus: 'vcpus',
  ramMb: 'ram_mb',
  rootGb: 'root_gb',
  ephemeralGb: 'ephemeral_gb',
  taskState: "COALESCE(task_state, '')",
  description: "COALESCE(description, '')",
  keyName: "COALESCE(key_name, '')",
  hostName: "COALESCE(host_name, '')",
  availabilityZone: "COALESCE(availability_zone, '')",
  launchedAt: "COALESCE(launched_at, '')",
  terminatedAt: "COALESCE(terminated_at, '')",
} as const;

export type SortColumn = keyof typeof SORT_COLUMNS;

export interface Sorting {
  readonly column: SortColumn;
  readonly direction: 'ASC' | 'DESC';
}

/** The filter, sort and page of a list of servers. Façades translate their own words into it. */
export interface ServerFilter {
  /** Null: of all projects. */
  readonly projectId: string | null;
  readonly exact: Readonly<Partial<Record<ExactColumn, string | number | null>>>;
  /** Any of these; null: any state. */
  readonly states: readonly StateFilter[] | null;
  /** Deleted servers only, none of them, or both. */
  readonly deleted: 'only' | 'none' | 'both';
  readonly changedSince: Instant | null;
  /** Regular expressions; null: any. */
  readonly name: string | null;
  readonly address: string | null;
  /** The id decides between equals, in the direction of the last. */
  readonly sort: readonly Sorting[];
  readonly limit: number;
  /** True if the caller needs ids and names only. */
  readonly brief: boolean;
  /** The server after which the page begins. */
  readonly marker: string | null;
}

export const NEWEST_FIRST: readonly Sorting[] = [{ column: 'createdAt', direction: 'DESC' }];
