import type { JobStep } from '../../kernel/effect';
import type { Instant } from '../../kernel/time';
import type { Amounts } from '../../quota/resources';
import type { Build } from '../hardware';
import type { InstanceJobs } from '../jobs';
import type { Choices, Purpose } from '../placement/placement';
import type { Instance } from '../state';
import type { Power, TaskState, VmState } from '../states';

/** The part of the language of operations that says how a server moves. */

/**
 * What a success leads to: the state that clients see, and the power that the hosts bring the guest to. `former`: the
 * state before the move that is confirmed or reverted. `healed`: the state before, but of a server in ERROR one that runs.
 */
export type Target =
  | { readonly vmState: VmState; readonly power: Power | 'unchanged' }
  | { readonly vmState: 'former' }
  | 'unchanged'
  | 'healed';

/** The task state from the moment when the host has told that it is so far. */
export type ToldTasks = Readonly<Partial<Record<JobStep, TaskState>>>;

/** One part of an operation, on one host. The next one begins when it is done. */
export interface Leg {
  /** `here`: the host that the server is on. `there`: the one that it goes to. */
  readonly on: 'here' | 'there';
  /** The task state that clients see while it runs. */
  readonly task: TaskState | null;
  /** The task state until the host has told of its first step. Default: `task`. */
  readonly owed?: TaskState;
  /** Default: `task` until the end. */
  readonly told?: ToldTasks;
  /** `end`: the power that the operation leads to. */
  readonly power: Power | 'end';
}

/**
 * The search for a host. The scheduler chooses, the host grants the claim, then the legs begin. A host that cannot do its
 * leg is cleared, and another one is looked for; if none is left, the server's own host makes true again what was before.
 */
export interface Search<Input> {
  readonly purpose: Exclude<Purpose, 'launch'>;
  /** Whether the server must be placed. Default: always; otherwise the operation stays on its host. */
  needed?(instance: Instance): boolean;
  /** Default: all hosts. */
  among?(input: Input, instance: Instance): Choices;
  /** What the server is after the move. Default: what it is. */
  becomes?(input: Input): Build;
  /** Limits of the quota for all projects, by which it is decided whether a bigger server has room. */
  limits?(input: Input): Amounts;
  /** Where the guest's disks on the new host come from: the old ones, or the image. */
  readonly disks: 'copied' | 'made';
}

/** How the hosts of a server change. */
export interface Moving<Input> {
  /** Where it goes: a host that is looked for, or the one that it left. Default: it stays. */
  readonly goes?: Search<Input> | 'back';
  /** Default: one, on the server's host, with the operation's job, task and target. */
  readonly legs?: readonly Leg[];
  /** What is left where the server was: nothing, or all that is needed to go back. Absent: it was nowhere else. */
  readonly leaves?: 'nothing' | 'a way back';
  /**
   * Whether a host acts on the guest before all is known to go well, and undoes that after a failure. Default: only where
   * it goes back.
   */
  disturbs?(instance: Instance): boolean;
  /** What a success changes besides the state, power and place. Default: nothing. */
  ends?(instance: Instance, input: Input, success: Success): Instance;
}

/** The operation that has succeeded, and when. */
export interface Success {
  readonly operationId: string;
  readonly at: Instant;
}

/** The job that an operation gives to its host. Cairn adds the server's whole desired state to the payload. */
export interface OperationJob {
  readonly kind: keyof InstanceJobs;
  readonly payload?: object;
}
