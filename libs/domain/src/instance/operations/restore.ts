import type { Instance } from '../state';
import type { VmState } from '../states';
import { irregularHostOperation } from './definition';

/** States in which a guest lives in the memory of its host, and is lost when the host loses power. */
const IN_MEMORY: readonly VmState[] = ['active', 'paused', 'rescued'];

/** Whether a guest in that state lives in its host's memory, and must be restored after its host has restarted. */
export const isInMemory = (vmState: VmState): boolean => IN_MEMORY.includes(vmState);

interface HostRestart {
  readonly hostId: string;
  /** Of the start; another one after each. */
  readonly bootId: string;
}

/**
 * Makes a guest run again that should, after its host's agent has started (HOST.md, Start and reboot). A stopped guest
 * stays stopped, and an operation under way brings its guest itself to where it should be. A later start takes over.
 */
export const restore = irregularHostOperation(
  {
    command: 'RecordHostRestarted',
    requested: 'instance.host-restarted.v1',
    origin: 'host',
    accept: ({ hostId, bootId, notAfter }: HostRestart & { readonly notAfter: string }, { host }: Instance) =>
      host?.hostId === hostId ? { bootId, notAfter } : null,
  },
  {
    name: 'restore',
    past: 'restored',
    meaning: 'The guest runs again after the restart of its host.',
    requestMeaning: 'The host has restarted, so the guest is to be made to run again.',
    allowed: { vmStates: IN_MEMORY, tasks: ['powering-on'] },
    task: 'powering-on',
    target: 'unchanged',
    isListed: false,
    ignoresLock: true,
  },
);
