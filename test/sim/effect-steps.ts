import { type Effect, EFFECT_COMMANDS, EFFECT_JOBS, effectName } from '@cairn/domain';
import type { NewEvent } from '@cairn/event-store';

import { outcomeId } from '../../apps/controller/src/runtime/context';

/**
 * What an effect goes through. `queued`: a job is put into its host's queue. `done`: what was to be done is in the log,
 * as events of the other aggregate or as the host's report. `recorded`: its outcome is in the stream that owed it.
 */
export type Stage = 'queued' | 'done' | 'recorded';
export type Step = `${string} ${Stage}`;

/** Every step of every kind of effect. A choice of a host is nothing but its record. */
export const STEPS: readonly Step[] = [
  ...EFFECT_COMMANDS.flatMap((name): Step[] => [`${name} done`, `${name} recorded`]),
  ...EFFECT_JOBS.flatMap((name): Step[] => [`${name} queued`, `${name} done`, `${name} recorded`]),
  'place recorded',
];

/**
 * Effects that random worlds owe too seldom for a run to count on: ends of images, what only a move to another host owes,
 * what follows after a time that is not set here, images in advance, passwords, floating IPs and their names. The flows (test/flows) do
 * each of their steps twice and let it fail.
 */
export const SELDOM: readonly string[] = [
  'AbandonImage',
  'AssignFloatingIp',
  'BindFloatingIp',
  'ChangeReservation',
  'ConfirmUnanswered',
  'DeleteImage',
  'EndRescue',
  'ForgetDnsAddress',
  'LoseFloatingIpPort',
  'OffloadShelved',
  'PlaceFloatingIp',
  'ReclaimInstance',
  'ReleaseFloatingAddress',
  'ReserveFloatingAddress',
  'SettleReservation',
  'UnbindFloatingIp',
  'apply-names',
  'cache-image',
  'discard-disks',
  'ensure-floating-ip',
  'remove-floating-ip',
  'set-guest-password',
];

/** Knows of each command, and of each host's report, which effect it carries out or ends. */
export class EffectSteps {
  private readonly steps = new Map<string, Step>();

  /** Notes what a stream owes now. */
  note(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (this.steps.has(effect.id)) continue;
      const name = effectName(effect);
      this.steps.set(effect.id, `${name} done`);
      this.steps.set(outcomeId(effect.id), `${name} recorded`);
    }
  }

  /** The steps that are made when these events are appended. */
  of(events: readonly NewEvent[]): readonly Step[] {
    const steps = new Set<Step>();
    for (const { type, data, metadata } of events) {
      const id = type.startsWith('agent.') ? (data as { effectId?: unknown }).effectId : metadata['commandId'];
      const step = typeof id === 'string' ? this.steps.get(id) : undefined;
      if (step !== undefined) steps.add(step);
    }
    return [...steps];
  }
}

export const queuedStep = (kind: string): readonly Step[] =>
  EFFECT_JOBS.filter((job) => job === kind).map((job): Step => `${job} queued`);
