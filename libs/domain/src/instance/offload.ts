import { deriveId } from '../ids';
import type { CommandEffect } from '../kernel/effect';
import { instanceRef } from './quota';
import type { Decisions } from './section';
import { requestOf } from './spec-of';
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

/** A command of the server to itself at a time: whether it is taken or not, the server is as it should be then. */
export function dueOffload(state: Instance): readonly CommandEffect[] {
  const { shelved, vmState, generation } = state;
  if (vmState !== 'shelved' || shelved === undefined || shelved.offloadAt === null) return [];
  const command = { type: 'OffloadShelved', data: { imageId: shelved.imageId } };
  return [
    {
      kind: 'command',
      id: deriveId(shelved.imageId, 'offload', generation),
      target: instanceRef(requestOf(state).instanceId),
      command,
      onDone: () => command,
      onRefused: () => command,
      notBefore: shelved.offloadAt,
    },
  ];
}
