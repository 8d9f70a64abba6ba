import type { Instance } from '../state';
import type { Allowed } from './allowed';
import { irregularHostOperation } from './definition';
import type { Power, TaskState, VmState } from '../states';

/** What a host saw of a guest that changed though nobody asked Cairn for it. */
interface Seen {
  readonly hostId: string;
  /** The generation of the desired state that the host had brought about; a newer one makes the report void. */
  readonly generation: number;
  /** Why, as far as the host can tell: one sentence that the tenant may read. */
  readonly cause: string;
}

interface Follows<Name extends string, Command extends string, Requested extends string, Past extends string> {
  readonly name: Name;
  readonly command: Command;
  readonly requested: Requested;
  readonly past: Past;
  readonly requestMeaning: string;
  readonly meaning: string;
  readonly allowed: Allowed;
  readonly task: TaskState;
  readonly target: { readonly vmState: VmState; readonly power: Power } | 'unchanged';
}

/**
 * Nova's power synchronisation: the hypervisor is right about what a guest is, and the server's state follows. The
 * operation ends with a job like a tenant's own, so that host and log agree on what should be.
 */
const follows = <
  const Name extends string,
  const Command extends string,
  const Requested extends string,
  const Past extends string,
>({
  command,
  requested,
  ...definition
}: Follows<Name, Command, Requested, Past>) =>
  irregularHostOperation(
    {
      command,
      requested,
      origin: 'host',
      accept: ({ hostId, generation, cause, notAfter }: Seen & { readonly notAfter: string }, instance: Instance) =>
        instance.host?.hostId === hostId && instance.generation === generation ? { cause, notAfter } : null,
    },
    { ...definition, failure: 'unchanged', ignoresLock: true },
  );

/** A guest that shut itself down, crashed or was killed. Nova stops the server, too; it does not start it again. */
export const followOff = follows({
  name: 'follow-off',
  command: 'RecordGuestOff',
  requested: 'instance.guest-went-off.v1',
  past: 'off-followed',
  requestMeaning: 'The guest went off by itself, or somebody ended it on its host; the server is to be stopped.',
  meaning: 'The server is stopped, as its guest is.',
  allowed: { vmStates: ['active', 'paused'] },
  task: 'powering-off',
  target: { vmState: 'stopped', power: 'stopped' },
});

export const followPause = follows({
  name: 'follow-pause',
  command: 'RecordGuestPaused',
  requested: 'instance.guest-went-paused.v1',
  past: 'pause-followed',
  requestMeaning: 'Somebody paused the guest on its host, or a fault of its disk did.',
  meaning: 'The server is paused, as its guest is.',
  allowed: { vmStates: ['active'] },
  task: 'pausing',
  target: { vmState: 'paused', power: 'paused' },
});

export const followUnpause = follows({
  name: 'follow-unpause',
  command: 'RecordGuestUnpaused',
  requested: 'instance.guest-went-on.v1',
  past: 'unpause-followed',
  requestMeaning: 'Somebody let the paused guest go on at its host.',
  meaning: 'The server is active, as its guest is.',
  allowed: { vmStates: ['paused'] },
  task: 'unpausing',
  target: { vmState: 'active', power: 'running' },
});

/** As nova does: a server that its owner stopped stays stopped, even if somebody starts its guest. */
export const keepOff = follows({
  name: 'keep-off',
  command: 'RecordGuestStarted',
  requested: 'instance.guest-went-running.v1',
  past: 'kept-off',
  requestMeaning: 'Somebody started the guest of a stopped server on its host; it is to be stopped again.',
  meaning: 'The guest of the stopped server is off again.',
  allowed: { vmStates: ['stopped', 'soft-delete'] },
  task: 'powering-off',
  target: 'unchanged',
});
