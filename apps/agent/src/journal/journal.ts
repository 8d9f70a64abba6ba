import type { AgentEvent, InstanceSpec } from '@cairn/host-protocol';

/** The three ways in which a job ends. */
export type ResultEvent = Extract<
  AgentEvent,
  { type: 'agent.job-succeeded.v1' | 'agent.job-failed.v1' | 'agent.job-superseded.v1' }
>;

/** Noted before anything is done for an effect. */
export interface Begun {
  readonly effectId: string;
  readonly instanceId: string;
  readonly generation: number;
  readonly at: string;
  /** What is now asked for; null when the instance is to be gone. */
  readonly spec: InstanceSpec | null;
  /** The guest's incarnation before a reboot, to tell after a crash whether it happened; null for other jobs. */
  readonly incarnation: string | null;
}

/** How an effect ended, once and for all. */
export interface Outcome {
  readonly effectId: string;
  readonly instanceId: string;
  readonly generation: number;
  readonly at: string;
  readonly correlationId: string;
  readonly event: ResultEvent;
}

/**
 * What this host already did, durable on the host itself (HOST.md: one effect id, one outcome). It holds no secret.
 * Every promise resolves only when what was said is on disk.
 */
export interface Journal {
  outcome(effectId: string): Promise<Outcome | undefined>;
  begun(effectId: string): Promise<Begun | undefined>;
  /** The newest generation that was begun for an instance, also after its removal. */
  generation(instanceId: string): Promise<number | undefined>;
  /** What was last asked for, of every instance that was not removed since. */
  specs(): Promise<readonly InstanceSpec[]>;
  begin(entry: Begun): Promise<void>;
  /** Fixes the outcome and answers it, or the one that was fixed before: the first one stands. */
  settle(outcome: Outcome): Promise<Outcome>;
  /** Forgets what no repeated job can ask for any more (JournalState.prune has the rule). */
  prune(now: string): Promise<void>;
  close(): Promise<void>;
}
