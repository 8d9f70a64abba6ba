import type { Message, StreamRef } from './aggregate';
import type { Selection } from './selection';
import type { Instant } from './time';

/** Why something did not happen, in words that a tenant may read. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  /** True when trying again, or elsewhere, cannot help. */
  readonly permanent: boolean;
  /** Why no host would do. Only the scheduler's refusals have one. */
  readonly selection?: Selection;
}

/**
 * Every effect that an aggregate can owe: the commands that it gives to other aggregates, the kinds of its jobs, and
 * whether it asks for placements. Tests cover each entry.
 */
export interface Owes {
  readonly commands: readonly string[];
  readonly jobs: readonly string[];
  readonly places: boolean;
}

interface EffectBase {
  /** UUIDv5 of operation, step and attempt. Doing an effect twice is doing it once. */
  readonly id: string;
  /** The runner waits until this moment. */
  readonly notBefore?: Instant;
  /** From this moment on the runner does `onExpired` instead. */
  readonly dueBy?: Instant;
  readonly onExpired?: Message;
}

/** A command to another aggregate. Exactly one of the two outcomes is written to the owning stream. */
export interface CommandEffect extends EffectBase {
  readonly kind: 'command';
  readonly target: StreamRef;
  readonly command: Message;
  onDone(answer: unknown): Message;
  onRefused(refusal: Refusal): Message;
}

/**
 * How far a host is with a job. `taken`: it has begun. `cleared`: what was there before is gone. `ready`: all that the
 * guest needs is there, and only its start is left.
 */
export const JOB_STEPS = ['taken', 'cleared', 'ready'] as const;
export type JobStep = (typeof JOB_STEPS)[number];

/** What a host's agent is asked to do for one resource. The schema of each kind's payload is libs/host-protocol's. */
export interface JobRequest {
  readonly kind: string;
  readonly resource: StreamRef;
  /** Grows with each change of the resource's desired state. */
  readonly generation: number;
  /** The steps that the host is to tell of, each once, before the outcome. Absent: none. */
  readonly tells?: readonly JobStep[];
  readonly payload: object;
}

/** The host has restarted: guests that ran before do not run any more. */
export interface Restarted {
  /** Id of the agent's start; each start has its own. */
  readonly bootId: string;
  /** The deadline for starting those guests again. */
  readonly notAfter: Instant;
  /** False: the host is set not to start them again. Absent: it does. */
  readonly resume?: false;
}

/** A job for a host's agent. Its outcome comes back through the agent's stream. */
export interface JobEffect extends EffectBase {
  readonly kind: 'job';
  readonly hostId: string;
  readonly job: JobRequest;
  /**
   * @param facts what the host says, checked against the schema of the job's kind.
   * @param restarted null if the host has not restarted since the job.
   */
  onDone(facts: unknown, restarted: Restarted | null): Message;
  onRefused(refusal: Refusal): Message;
  /** What to record of a step that the host has told of. It ends nothing: the job stays owed. */
  onTold?(step: JobStep): Message;
}

/** The scheduler's answer. */
export interface ChosenHost {
  readonly hostId: string;
  readonly hostName: string;
  /**
   * What the host may give out in all, where that is not the host's own rule; a resource that is absent has no limit.
   */
  readonly limits?: Readonly<Partial<Record<string, number>>>;
  readonly selection?: Selection;
}

/** A choice by the scheduler, which looks at all hosts; recorded by `onDone` before anyone acts on it. */
export interface PlaceEffect extends EffectBase {
  readonly kind: 'place';
  /** What to find room for. Only its aggregate and the scheduler look into it. */
  readonly request: object;
  onDone(choice: ChosenHost): Message;
  onRefused(refusal: Refusal): Message;
}

export type Effect = CommandEffect | JobEffect | PlaceEffect;

/** What an effect is about, in one word: its command, its job's kind, or `place`. */
export function effectName(effect: Effect): string {
  switch (effect.kind) {
    case 'command':
      return effect.command.type;
    case 'job':
      return effect.job.kind;
    case 'place':
      return 'place';
  }
}
