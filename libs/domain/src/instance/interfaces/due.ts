import { deriveId } from '../../ids';
import type { Message } from '../../kernel/aggregate';
import type { CommandEffect, Refusal } from '../../kernel/effect';
import type { Instant } from '../../kernel/time';
import type { AllocatedAddress } from '../../network/state';
import { instanceRef } from '../quota';
import { requestOf } from '../spec-of';
import type { Instance } from '../state';
import type { NetworkInterface } from './interfaces';

/** What asks for the addresses. */
interface Asker {
  /** Its deadline. */
  readonly notAfter: Instant;
  readonly onRefused: (refusal: Refusal) => Message;
}

/** Asks the networks for the addresses of interfaces that have none. */
export const dueInterfaces = (state: Instance, asker: Asker): readonly CommandEffect[] =>
  state.interfaces.filter(({ stage }) => stage === 'requested').map((one) => allocateAddress(state, one, asker));

function allocateAddress(
  state: Instance,
  { id: claimId, asked }: NetworkInterface,
  { notAfter, onRefused }: Asker,
): CommandEffect {
  const { instanceId } = requestOf(state);
  return {
    kind: 'command',
    id: deriveId(claimId, 'allocate'),
    target: { category: 'network', id: asked.networkId },
    command: {
      type: 'AllocateAddress',
      data: { claimId, owner: instanceRef(instanceId), address: asked.address, notAfter },
    },
    onDone: (answer) => ({ type: 'RecordAddressAllocated', data: { claimId, ...(answer as AllocatedAddress) } }),
    onRefused,
  };
}
