import { deriveId } from '../ids';
import type { CommandEffect } from '../kernel/effect';
import { commandToItself } from './own-command';
import type { Decisions } from './section';
import type { Instance } from './state';

/** Lets the host of a shelved server go when it is time. */
export interface OffloadCommands {
  /** Changes nothing of a server that is not shelved with that image any more, or about to come back. */
  readonly OffloadShelved: { readonly imageId: string };
}

export const offloadDecisions: Decisions<OffloadCommands> = {
  OffloadShelved: ({ imageId }, { shelved, vmState, operation, deletion }) =>
    vmState === 'shelved' && shelved?.imageId === imageId && operation === undefined && deletion === undefined
      ? [{ type: 'instance.offloaded.v1', data: {} }]
      : [],
};

/** What a shelved server owes itself. */
export function dueOffload(state: Instance): readonly CommandEffect[] {
  const { shelved, vmState, generation } = state;
  if (vmState !== 'shelved' || shelved === undefined || shelved.offloadAt === null) return [];
  const { imageId, offloadAt } = shelved;
  const id = deriveId(imageId, 'offload', generation);
  return [commandToItself(state, id, { type: 'OffloadShelved', data: { imageId } }, offloadAt)];
}
