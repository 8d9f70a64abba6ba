import {
  type CommandEffect,
  DomainError,
  type Effect,
  type Message,
  type Refusal,
  type StreamRef,
} from '@cairn/domain';

import { outcomeId, systemContext } from './context';
import type { Clock, CommandCarrier, HostQueue } from './ports';
import type { Cause } from './snapshots';

/** Picks a host. @throws DomainError of kind capacity when none will do. */
export interface Placer {
  place(request: object, cause: Cause): Promise<{ hostId: string; hostName: string }>;
}

export const refusalOf = ({ code, message, kind }: DomainError): Refusal => ({
  code,
  message,
  permanent: kind !== 'capacity' && kind !== 'conflict',
});

/**
 * Carries out one effect of a stream. `done`: the outcome is recorded; `sent`: a host will report it. Throws otherwise.
 */
export class EffectRunner {
  constructor(
    private readonly executor: CommandCarrier,
    private readonly queue: HostQueue,
    private readonly placer: Placer,
    private readonly clock: Clock,
  ) {}

  async run(owner: StreamRef, effect: Effect, cause: Cause): Promise<'done' | 'sent'> {
    if (effect.kind === 'job') {
      const { id, hostId, job } = effect;
      await this.queue.add(hostId, id, { effectId: id, hostId, ...job });
      return 'sent';
    }
    const outcome = await this.outcomeOf(effect, cause);
    await this.record(owner, effect, outcome, cause);
    return 'done';
  }

  /** Records the outcome of an effect whose deadline has passed. */
  async expire(owner: StreamRef, effect: Effect, expired: Message, cause: Cause): Promise<void> {
    await this.record(owner, effect, expired, cause);
  }

  private async outcomeOf(effect: Exclude<Effect, { kind: 'job' }>, cause: Cause): Promise<Message> {
    try {
      if (effect.kind === 'place') return effect.onDone(await this.placer.place(effect.request, cause));
      return effect.onDone(await this.command(effect, cause));
    } catch (error) {
      if (error instanceof DomainError && error.kind !== 'unavailable') return effect.onRefused(refusalOf(error));
      throw error;
    }
  }

  private async command(effect: CommandEffect, cause: Cause): Promise<unknown> {
    const context = systemContext('process', effect.id, cause, this.clock);
    return (await this.executor.carry(effect.target, effect.command, context)).answer;
  }

  private async record(owner: StreamRef, effect: Effect, outcome: Message, cause: Cause): Promise<void> {
    await this.executor.carry(owner, outcome, systemContext('process', outcomeId(effect.id), cause, this.clock));
  }
}
