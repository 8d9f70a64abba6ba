import { deriveId } from '../ids';
import type { CommandEffect } from '../kernel/effect';
import { later } from '../kernel/time';
import { unrescue } from './operations/rescue';
import { commandToItself } from './own-command';
import type { Decisions } from './section';
import { requestOf } from './spec-of';
import type { Instance } from './state';

/** Ends a rescue that took too long (nova's `rescue_timeout`). */
export interface RescueEndCommands {
  /** The moment names the rescue: after it has ended, or another one has begun, there is nothing to do. */
  readonly EndRescue: { readonly rescueEndsAt: string };
}

const isRescued = ({ vmState, operation, deletion }: Instance): boolean =>
  vmState === 'rescued' && operation === undefined && deletion === undefined;

/** A command of the server to itself. Locks keep people away, not this. */
export function dueRescueEnd(state: Instance): readonly CommandEffect[] {
  const { rescueEndsAt, generation } = state;
  if (rescueEndsAt === undefined || !isRescued(state)) return [];
  const id = deriveId(requestOf(state).instanceId, 'end rescue', rescueEndsAt, generation);
  return [commandToItself(state, id, { type: 'EndRescue', data: { rescueEndsAt } }, rescueEndsAt)];
}

export const rescueEndDecisions: Decisions<RescueEndCommands> = {
  EndRescue: ({ rescueEndsAt }, state, { at, commandId }) =>
    isRescued(state) && state.rescueEndsAt === rescueEndsAt
      ? [unrescue.begin({ notAfter: later(at, unrescue.limitMs) }, commandId)]
      : [],
};
