import type { Result } from '../simulation';

/** One world to run, as it is sent to a worker. */
export interface Errand {
  readonly seed: number;
  /** The place in MUTANTS of the mistake to plant for this world; none when missing. */
  readonly mutant?: number;
}

/** What a worker sends back. */
export type Report =
  /** `cpuMs` is what the world cost, in milliseconds of processor time. */
  | { readonly result: Result; readonly cpuMs: number }
  /** The simulation itself broke: a stack trace. */
  | { readonly broke: string };
