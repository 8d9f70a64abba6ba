import { snapshotDebts, withDebts } from '../debts';
import { withoutRequested } from '../interfaces/changes';
import { type Instant, later } from '../../kernel/time';
import { neverLaunched } from '../refusals';
import { SNAPSHOT_TASKS } from '../snapshot/image';
import type { TaskState } from '../states';
import { irregularImmediateOperation } from './definition';
import { restore } from './restore';

interface Reset {
  readonly vmState: 'active' | 'error';
}

/** With the work of the host that makes it true; absent for ERROR, and in events of before Cairn did that. */
interface StateReset extends Reset {
  readonly operationId?: string;
  readonly notAfter?: Instant;
}

/** Tasks of operations that end on the server's own host. What moves a server, or deletes it, is not cut off. */
export const TASKS_OF_HOST: readonly TaskState[] = [
  'rebooting',
  'reboot_pending',
  'reboot_started',
  'rebooting_hard',
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
  'networking',
  'updating_password',
  'soft-deleting',
  ...SNAPSHOT_TASKS,
];

/** The fault of a server that was reset to ERROR. */
export const RESET = { code: 'instance.state-reset', message: 'An administrator has reset the state of the server.' };

/**
 * Sets the state that clients see, and ends the operation under way: its host's answer comes too late. A guest that is
 * to be active is made to run, as after a restart of its host. nova takes it in any state. Cairn refuses it where the
 * server's parts are elsewhere than in the state that it would show.
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
  decide({ vmState }: Reset, { host, operation, fault, ...before }, { commandId, at }): StateReset | null {
    if (vmState === 'active' && host === undefined) throw neverLaunched('resetState');
    if (operation?.operationId === commandId) return null;
    if (vmState === 'active') return { vmState, operationId: commandId, notAfter: later(at, restore.limitMs) };
    return operation === undefined && before.vmState === vmState && fault !== undefined ? null : { vmState };
  },
  evolve({ rescue: _rescue, ...before }, { vmState, operationId, notAfter }, { at }) {
    const instance = withoutRequested(before);
    return {
      ...instance,
      vmState,
      operation:
        operationId === undefined || notAfter === undefined
          ? undefined
          : { name: restore.name, operationId, notAfter, input: { bootId: operationId } },
      generation: instance.generation + 1,
      debts: withDebts(instance.debts, snapshotDebts(instance)),
      fault: vmState === 'error' ? { ...RESET, at } : undefined,
    };
  },
});
