import type { Restarted } from '../../kernel/effect';
import { deriveId } from '../../ids';
import type { Instance } from '../state';
import { SNAPSHOT_TASKS } from '../snapshot/image';
import type { Power, VmState } from '../states';
import { irregularHostOperation } from './definition';

/** States in which a guest lives in the memory of its host, and is lost when the host loses power. */
const IN_MEMORY: readonly VmState[] = ['active', 'paused', 'rescued', 'resized'];

/** Of these, the states of servers that are stopped where their guests are found off. */
const FOLLOWED: readonly VmState[] = ['active', 'paused'];

/** Whether a guest in that state lives in its host's memory, and must be restored after its host has restarted. */
export const isInMemory = (vmState: VmState): boolean => IN_MEMORY.includes(vmState);

/** Whether a guest of that power is in memory. A server that was stopped when it was resized is off. */
export const isOn = (power: Power): boolean => power === 'running' || power === 'paused';

interface HostRestart extends Omit<Restarted, 'notAfter'> {
  readonly hostId: string;
}

/** What a restart asks for of a server in that state. */
const askedOf = ({ bootId, notAfter, resume }: Restarted, vmState: VmState): Restarted => ({
  bootId,
  notAfter,
  ...(resume === false && FOLLOWED.includes(vmState) ? { resume } : {}),
});

/**
 * Starts guests that were in memory again after their host has restarted. A stopped guest stays off. A running
 * operation goes on: its job brings the guest to its target anyway, and where it fails, the restart is not forgotten. A
 * second restart takes over the work of the first, and any restart ends the making of an image: a guest that should run
 * does not wait for one. A host that is set not to start guests leaves those off that are, and their servers are stopped
 * (nova: `resume_guests_state_on_host_boot`); one that was rescued or resized is started all the same.
 */
export const restore = irregularHostOperation(
  {
    command: 'RecordHostRestarted',
    requested: 'instance.host-restarted.v1',
    origin: 'host',
    accept: (
      { hostId, ...restarted }: HostRestart & { readonly notAfter: string },
      { host, vmState, former }: Instance,
    ) =>
      host?.hostId === hostId && !(vmState === 'resized' && former?.vmState === 'stopped')
        ? askedOf(restarted, vmState)
        : null,
  },
  {
    name: 'restore',
    past: 'restored',
    meaning: 'The guest runs again after the restart of its host.',
    requestMeaning: 'The host has restarted, so the guest is to be made to run again.',
    allowed: { vmStates: IN_MEMORY, tasks: ['powering-on', ...SNAPSHOT_TASKS] },
    task: 'powering-on',
    target: 'unchanged',
    job: ({ resume }) => ({ kind: 'ensure-instance', ...(resume === false ? { payload: { leaveOff: true } } : {}) }),
    isListed: false,
    ignoresLock: true,
  },
);

/** Begins to make the guest of a server in that state run again after what that id names, which has ended. */
export const restoring = (restarted: Restarted, vmState: VmState, after: string): ReturnType<typeof restore.begin> =>
  restore.begin(askedOf(restarted, vmState), deriveId(after, 'restore'));
