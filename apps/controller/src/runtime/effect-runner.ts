import {
  type ChosenHost,
  DomainError,
  type Effect,
  type Message,
  NoValidHost,
  type Refusal,
  type StreamRef,
} from '@cairn/domain';
import type { Position } from '@cairn/event-store';

import { outcomeId, systemContext } from './context';
import type { Clock, CommandCarrier, CommandContext, HostQueue } from './ports';
import type { Cause } from './snapshots';

/** Picks a host. @throws NoValidHost when none will do. */
export interface Placer {
  place(request: object, cause: Cause): Promise<ChosenHost>;
}

export const refusalOf = (error: DomainError): Refusal => ({
  code: error.code,
  message: error.message,
  permanent: error.kind !== 'capacity' && error.kind !== 'conflict',
  ...(error instanceof NoValidHost ? { selection: error.selection } : {}),
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

  /** @param after the owner did not owe the effect at or before this position; undefined if that is not known. */
  async run(owner: StreamRef, effect: Effect, cause: Cause, after?: Position): Promise<'done' | 'sent'> {
    if (effect.kind === 'job') {
      const { id, hostId, job } = effect;
      await this.queue.add(hostId, id, { effectId: id, hostId, ...job });
      return 'sent';
    }
    const outcome = await this.outcomeOf(owner, effect, cause, after);
    await this.record(owner, effect, outcome, cause, after);
    return 'done';
  }

  /** Records the outcome of an effect whose deadline has passed. */
  async expire(owner: StreamRef, effect: Effect, expired: Message, cause: Cause, after?: Position): Promise<void> {
    await this.record(owner, effect, expired, cause, after);
  }

  private async outcomeOf(
    owner: StreamRef,
    effect: Exclude<Effect, { kind: 'job' }>,
    cause: Cause,
    after: Position | undefined,
  ): Promise<Message> {
    try {
      if (effect.kind === 'place') return effect.onDone(await this.placer.place(effect.request, cause));
      const known = knownOf(owner, effect, false, after);
      const context = systemContext('process', effect.id, cause, this.clock, known);
      return effect.onDone((await this.executor.carry(effect.target, effect.command, context)).answer);
    } catch (error) {
      if (error instanceof DomainError && error.kind !== 'unavailable') return effect.onRefused(refusalOf(error));
      throw error;
    }
  }

  private async record(
    owner: StreamRef,
    effect: Effect,
    outcome: Message,
    cause: Cause,
    after: Position | undefined,
  ): Promise<void> {
    const known = knownOf(owner, effect, true, after);
    await this.executor.carry(owner, outcome, systemContext('process', outcomeId(effect.id), cause, this.clock, known));
  }
}

const knownOf = (
  owner: StreamRef,
  { id }: Effect,
  outcome: boolean,
  after: Position | undefined,
): Pick<CommandContext, 'after' | 'effect'> => ({
  effect: { owner, id, outcome },
  ...(after === undefined ? {} : { after }),
});
