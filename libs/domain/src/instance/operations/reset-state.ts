import { snapshotDebts, withDebts } from '../debts';
import { neverLaunched } from '../refusals';
import { SNAPSHOT_TASKS } from '../snapshot/image';
import type { TaskState } from '../states';
import { irregularImmediateOperation } from './definition';

interface Reset {
  readonly vmState: 'active' | 'error';
}

/** Tasks of operations that end on the server's own host. What moves a server, or deletes it, is not cut off. */
export const TASKS_OF_HOST: readonly TaskState[] = [
  'rebooting',
  'reboot_pending',
  'reboot_started',
  'rebooting_hard',
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
  'updating_password',
  ...SNAPSHOT_TASKS,
];

/** The fault of a server that was reset to ERROR. */
export const RESET = { code: 'instance.state-reset', message: 'An administrator has reset the state of the server.' };

/**
 * Sets the state that clients see, and ends the operation under way: its host's answer comes too late. nova takes it in
 * any state. Cairn refuses it where the server's parts are elsewhere than in the state that it would show.
 */
export const resetState = irregularImmediateOperation('ResetState', {
  name: 'resetState',
  past: 'state-reset',
  meaning: 'An administrator has set the state that clients see; the operation under way is given up.',
  allowed: {
    vmStates: ['active', 'stopped', 'paused', 'suspended', 'rescued', 'error'],
    tasks: TASKS_OF_HOST,
  },
  ignoresLock: true,
  decide({ vmState }: Reset, { host, operation, fault, ...before }): Reset | null {
    if (vmState === 'active' && host === undefined) throw neverLaunched('resetState');
    const isSo =
      operation === undefined && before.vmState === vmState && (vmState === 'error') === (fault !== undefined);
    return isSo ? null : { vmState };
  },
  evolve: ({ rescue: _rescue, ...instance }, { vmState }, { at }) => ({
    ...instance,
    vmState,
    operation: undefined,
    generation: instance.generation + 1,
    debts: withDebts(instance.debts, snapshotDebts(instance)),
    fault: vmState === 'error' ? { ...RESET, at } : undefined,
  }),
});
