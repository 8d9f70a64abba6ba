import type { PlacementRequest } from '../host/placement';
import type { InstanceFacts, InstanceSpec } from '../instance/spec';
import type { Message, StreamRef } from './aggregate';
import type { Instant } from './time';

/** Why something did not happen, in words that a tenant may read. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  /** True when trying again, or elsewhere, cannot help. */
  readonly permanent: boolean;
}

/** Every command that an effect gives to another aggregate: what owes another names it here, and every test knows it. */
export const EFFECT_COMMANDS = [
  'AbandonCreation',
  'AbandonLaunch',
  'AllocateAddress',
  'ClaimCapacity',
  'RecordHostRestarted',
  'ReleaseAddress',
  'ReleaseCapacity',
  'ReleaseQuota',
  'UndoLaunch',
] as const;

export interface EffectMessage extends Message {
  readonly type: (typeof EFFECT_COMMANDS)[number];
}

interface EffectBase {
  /** UUIDv5 of operation, step and attempt. Doing an effect twice is doing it once. */
  readonly id: string;
  /** Not to be carried out before this moment. */
  readonly notBefore?: Instant;
  /** From this moment on `onExpired` is what is done instead. */
  readonly dueBy?: Instant;
  readonly onExpired?: Message;
}

/** A command to another aggregate. Exactly one of the two outcomes is written to the owning stream. */
export interface CommandEffect extends EffectBase {
  readonly kind: 'command';
  readonly target: StreamRef;
  readonly command: EffectMessage;
  onDone(answer: unknown): Message;
  onRefused(refusal: Refusal): Message;
}

export type JobRequest =
  | {
      readonly kind: 'ensure-instance';
      readonly instanceId: string;
      readonly generation: number;
      readonly spec: InstanceSpec;
    }
  | {
      readonly kind: 'reboot-instance';
      readonly instanceId: string;
      readonly generation: number;
      readonly type: 'soft' | 'hard';
      readonly spec: InstanceSpec;
    }
  | { readonly kind: 'remove-instance'; readonly instanceId: string; readonly generation: number };

/** The host has started anew since a job was done there: what ran then does not run any more. */
export interface Restarted {
  readonly bootId: string;
  /** When to give up making it run again. */
  readonly notAfter: Instant;
}

/** A job for a host's agent. Its outcome comes back through the agent's stream. */
export interface JobEffect extends EffectBase {
  readonly kind: 'job';
  readonly hostId: string;
  readonly job: JobRequest;
  /** @param restarted null when the host still is as the job left it. */
  onDone(facts: InstanceFacts, restarted: Restarted | null): Message;
  onRefused(refusal: Refusal): Message;
}

/** A choice by the scheduler, which looks at all hosts; recorded by `onDone` before anyone acts on it. */
export interface PlaceEffect extends EffectBase {
  readonly kind: 'place';
  readonly request: PlacementRequest;
  onDone(choice: { readonly hostId: string; readonly hostName: string }): Message;
  onRefused(refusal: Refusal): Message;
}

export type Effect = CommandEffect | JobEffect | PlaceEffect;

/** Every job that an effect gives to a host. */
export const EFFECT_JOBS: readonly JobRequest['kind'][] = ['ensure-instance', 'reboot-instance', 'remove-instance'];

/** What an effect is about, in one word: its command, its job, or the choice that it asks for. */
export type EffectName = EffectMessage['type'] | JobRequest['kind'] | 'place';

export const EFFECT_NAMES: readonly EffectName[] = [...EFFECT_COMMANDS, ...EFFECT_JOBS, 'place'];

export function effectName(effect: Effect): EffectName {
  switch (effect.kind) {
    case 'command':
      return effect.command.type;
    case 'job':
      return effect.job.kind;
    case 'place':
      return 'place';
  }
}
