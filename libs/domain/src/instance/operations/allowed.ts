import type { TaskState, VmState } from '../states';

/** The states in which a server takes an operation. In any other state the API answers 409. */
export interface Allowed {
  readonly vmStates: readonly VmState[] | 'any';
  /** Of a server that has a way back from an earlier move, these too. Default: none. */
  readonly vmStatesWithWayBack?: readonly VmState[];
  /** Running tasks that the operation takes over. Default: none. */
  readonly tasks?: readonly TaskState[] | 'any';
}
