import { later } from '../../kernel/time';
import type { Instance } from '../state';
import type { TaskState, VmState } from '../states';
import { irregularHostOperation } from './definition';
import { TASKS_OF_HOST } from './reset-state';

interface Kept {
  /** How long it can be restored, in seconds: the setting at the moment of the request. */
  readonly keepSeconds: number;
}

const STATES: readonly VmState[] = ['active', 'stopped', 'paused', 'suspended', 'rescued', 'error', 'soft-delete'];
const TASKS: readonly TaskState[] = [...TASKS_OF_HOST, 'restoring'];

/**
 * Ends the guest and keeps all that the server holds, so that it can be restored until its time is over; then it is
 * deleted (`../reclaim.ts`). The time counts from the request, as in nova. nova takes it while a server moves, too; there
 * its parts are on two hosts, and Cairn deletes it at once.
 */
export const softDelete = irregularHostOperation(
  {
    command: 'SoftDeleteInstance',
    requested: 'instance.soft-deletion-requested.v1',
    // nova answers a repeat as if it had done it again
    accept: (asked: Kept & { readonly notAfter: string }, { operation }: Instance) =>
      operation?.name === 'soft-delete' ? null : asked,
  },
  {
    name: 'soft-delete',
    past: 'soft-deleted',
    meaning: 'The guest is off, and the server can be restored until its time is over.',
    requestMeaning: 'Somebody asked to delete the server, which is to be kept for a while.',
    title: 'delete',
    listedAs: 'delete',
    allowed: { vmStates: STATES, tasks: TASKS },
    task: 'soft-deleting',
    target: { vmState: 'soft-delete', power: 'stopped' },
    begins: ({ rescue: _rescue, ...instance }, { keepSeconds }: Kept, _operationId, at) => ({
      ...instance,
      reclaimAt: later(at, keepSeconds * 1000),
    }),
  },
);

/** Brings a soft-deleted server back, running: as after a hard reboot, from its own disks. */
export const undelete = irregularHostOperation(
  {
    command: 'UndeleteInstance',
    requested: 'instance.undeletion-requested.v1',
    accept: (asked: { readonly notAfter: string }) => asked,
  },
  {
    name: 'undelete',
    past: 'undeleted',
    meaning: 'The soft-deleted server is back, and its guest runs.',
    requestMeaning: 'Somebody asked for the soft-deleted server back.',
    title: 'restore',
    listedAs: 'restore',
    allowed: { vmStates: ['soft-delete'] },
    task: 'restoring',
    target: { vmState: 'active', power: 'running' },
    begins: ({ reclaimAt: _reclaimAt, ...instance }) => instance,
    job: { kind: 'reboot-instance', payload: { type: 'hard' } },
  },
);
