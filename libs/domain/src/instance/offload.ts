import { deriveId } from '../ids';
import type { CommandEffect } from '../kernel/effect';
import { hostDebts, withDebts } from './debts';
import { commandToItself } from './own-command';
import type { Decisions, Folds } from './section';
import type { Instance } from './state';

/** Lets the host of a shelved server go when it is time: the host clears it away, and then the server is offloaded. */
export interface OffloadCommands {
  /** Changes nothing of a server that is not shelved with that image any more, or about to come back. */
  readonly OffloadShelved: { readonly imageId: string };
}

export interface OffloadEvents {
  /** The host has nothing of it any more but the claim, which goes next. Logs of 0.1 have it without a request before. */
  readonly 'instance.offloaded.v1': Readonly<Record<string, never>>;
}

export const offloadDecisions: Decisions<OffloadCommands> = {
  OffloadShelved: ({ imageId }, state) =>
    state.shelved?.imageId === imageId && mayOffload(state)
      ? [{ type: 'instance.offload-requested.v1', data: {} }]
      : [],
};

const mayOffload = ({ vmState, operation, deletion, offloading }: Instance): boolean =>
  vmState === 'shelved' && operation === undefined && deletion === undefined && offloading !== true;

/** The server as it is while its host clears it away. */
export const beginOffload = (state: Instance): Instance => ({ ...withoutHost(state), offloading: true });

function withoutHost(state: Instance): Instance {
  const generation = state.generation + 1;
  return { ...state, generation, debts: withDebts(state.debts, hostDebts(state, generation)) };
}

export const offloadFolds: Folds<OffloadEvents> = {
  'instance.offloaded.v1'(before) {
    const { offloading, ...state } = before;
    const cleared = offloading === true ? { ...state, generation: state.generation + 1 } : withoutHost(state);
    return { ...cleared, vmState: 'shelved_offloaded', host: undefined, diskSet: undefined };
  },
};

/** Whether the last thing that keeps the server on its host goes with that debt. */
export const endsOffload = ({ offloading, deletion, debts }: Instance, debtId: string): boolean =>
  offloading === true && deletion === undefined && debts.every(({ id, kind }) => id === debtId || kind !== 'domain');

/** What a shelved server owes itself. */
export function dueOffload(state: Instance): readonly CommandEffect[] {
  const { shelved, generation } = state;
  if (shelved === undefined || shelved.offloadAt === null || !mayOffload(state)) return [];
  const { imageId, offloadAt } = shelved;
  const id = deriveId(imageId, 'offload', generation);
  return [commandToItself(state, id, { type: 'OffloadShelved', data: { imageId } }, offloadAt)];
}
