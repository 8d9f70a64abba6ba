/** nova's words for states and tasks of a server: a closed vocabulary. */

export const VM_STATES = [
  'building',
  'active',
  'stopped',
  'resized',
  'paused',
  'suspended',
  'rescued',
  'error',
  'soft-delete',
  'deleted',
  'shelved',
  'shelved_offloaded',
] as const;

/** nova's vm_state. `absent` is before the first event. */
export type VmState = (typeof VM_STATES)[number] | 'absent';

export const TASK_STATES = [
  'scheduling',
  'block_device_mapping',
  'networking',
  'spawning',
  'image_snapshot',
  'image_snapshot_pending',
  'image_pending_upload',
  'image_uploading',
  'image_backup',
  'updating_password',
  'resize_prep',
  'resize_migrating',
  'resize_migrated',
  'resize_finish',
  'resize_reverting',
  'resize_confirming',
  'rebooting',
  'reboot_pending',
  'reboot_started',
  'rebooting_hard',
  'reboot_pending_hard',
  'reboot_started_hard',
  'pausing',
  'unpausing',
  'suspending',
  'resuming',
  'powering-off',
  'powering-on',
  'rescuing',
  'unrescuing',
  'rebuilding',
  'rebuild_block_device_mapping',
  'rebuild_spawning',
  'migrating',
  'deleting',
  'soft-deleting',
  'restoring',
  'shelving',
  'shelving_image_pending_upload',
  'shelving_image_uploading',
  'shelving_offloading',
  'unshelving',
] as const;

/** nova's task_state. */
export type TaskState = (typeof TASK_STATES)[number];

/**
 * The powers of a guest. A `paused` guest stays in memory and gets no processor; the memory of a `suspended` one is
 * saved on the host's disk, and survives a restart of the host.
 */
export const POWERS = ['running', 'stopped', 'paused', 'suspended'] as const;

export type Power = (typeof POWERS)[number];
