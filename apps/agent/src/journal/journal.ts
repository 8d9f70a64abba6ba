import type { StreamRef } from '@cairn/domain';
import type { JobResult } from '@cairn/host-protocol';

/** Noted before anything is done for an effect. */
export interface Begun {
  readonly effectId: string;
  readonly resource: StreamRef;
  readonly generation: number;
  readonly at: string;
  /** Hashes of the images that the resource uses from now on; null when it is to be gone. */
  readonly images: readonly string[] | null;
  /** What the job's handler noted, to tell after a crash whether its work was done (Handler.before). */
  readonly before: string | null;
}

/** How an effect ended, once and for all. */
export interface Outcome {
  readonly effectId: string;
  readonly resource: StreamRef;
  readonly generation: number;
  readonly at: string;
  readonly correlationId: string;
  readonly event: JobResult;
}

/** A resource that is on the host, as far as jobs know. */
export interface Present {
  readonly resource: StreamRef;
  readonly images: readonly string[];
}

/**
 * What this host already did, durable on the host itself (one effect id, one outcome). It holds no secret.
 * Every promise resolves only when its entry is on disk.
 */
export interface Journal {
  outcome(effectId: string): Promise<Outcome | undefined>;
  begun(effectId: string): Promise<Begun | undefined>;
  /** The newest generation that was begun for a resource, also after its removal. */
  generation(resource: StreamRef): Promise<number | undefined>;
  /** Every resource that was asked for and not removed since. */
  present(): Promise<readonly Present[]>;
  begin(entry: Begun): Promise<void>;
  /** Fixes the outcome and answers it, or the one that was fixed before: the first one stands. */
  settle(outcome: Outcome): Promise<Outcome>;
  /** Forgets what no repeated job can ask for any more (JournalState.prune has the rule). */
  prune(now: string): Promise<void>;
  close(): Promise<void>;
}
