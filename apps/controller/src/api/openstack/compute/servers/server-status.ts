/** A vm_state with the tasks that count or do not. */
export interface StateFilter {
  readonly vmState: string;
  /** Only servers in one of these tasks; undefined: in any task but those of `notTasks`. */
  readonly tasks?: readonly string[];
  readonly notTasks?: readonly string[];
}

/** From vm_state and task_state to the status that clients see, and back for filters. */

const REBUILDING = ['rebuilding', 'rebuild_block_device_mapping', 'rebuild_spawning'];
const RESIZING = ['resize_prep', 'resize_migrating', 'resize_migrated', 'resize_finish'];

const task = (status: string, tasks: readonly string[]): readonly (readonly [string, string])[] =>
  tasks.map((name) => [name, status] as const);

interface StatusRule {
  readonly usual: string;
  readonly byTask: ReadonlyMap<string, string>;
}

const rule = (usual: string, ...byTask: readonly (readonly [string, string])[][]): StatusRule => ({
  usual,
  byTask: new Map(byTask.flat()),
});

const RULES: ReadonlyMap<string, StatusRule> = new Map([
  [
    'active',
    rule(
      'ACTIVE',
      [...task('REBOOT', ['rebooting', 'reboot_pending', 'reboot_started'])],
      [...task('HARD_REBOOT', ['rebooting_hard', 'reboot_pending_hard', 'reboot_started_hard'])],
      [...task('PASSWORD', ['updating_password'])],
      [...task('REBUILD', REBUILDING)],
      [...task('MIGRATING', ['migrating'])],
      [...task('RESIZE', RESIZING)],
    ),
  ],
  ['building', rule('BUILD')],
  ['stopped', rule('SHUTOFF', [...task('RESIZE', RESIZING)], [...task('REBUILD', REBUILDING)])],
  ['resized', rule('VERIFY_RESIZE', [...task('REVERT_RESIZE', ['resize_reverting'])])],
  ['paused', rule('PAUSED', [...task('MIGRATING', ['migrating'])])],
  ['suspended', rule('SUSPENDED')],
  ['rescued', rule('RESCUE')],
  ['error', rule('ERROR', [...task('REBUILD', REBUILDING)])],
  ['soft-delete', rule('SOFT_DELETED')],
  ['deleted', rule('DELETED')],
  ['shelved', rule('SHELVED')],
  ['shelved_offloaded', rule('SHELVED_OFFLOADED')],
]);

/** @returns nova's status in capitals; `UNKNOWN` for a vm_state that is not in the table. */
export function serverStatus(vmState: string, taskState: string | null): string {
  const found = RULES.get(vmState);
  if (found === undefined) return 'UNKNOWN';
  return (taskState === null ? undefined : found.byTask.get(taskState)) ?? found.usual;
}

/** The states that are shown as this status, compared without case; undefined for a status that does not exist. */
export function statesOf(status: string): readonly StateFilter[] | undefined {
  const wanted = status.toUpperCase();
  const filters: StateFilter[] = [];
  for (const [vmState, { usual, byTask }] of RULES) {
    const tasks = [...byTask].filter(([, shown]) => shown === wanted).map(([name]) => name);
    if (usual === wanted) filters.push({ vmState, notTasks: [...byTask.keys()] });
    else if (tasks.length > 0) filters.push({ vmState, tasks });
  }
  return filters.length === 0 ? undefined : filters;
}
