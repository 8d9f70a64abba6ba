import { deriveId } from '../../ids';
import type { CommandEffect } from '../../kernel/effect';
import type { AllocatedAddress } from '../../network/state';
import { instanceRef } from '../quota';
import { requestOf } from '../spec-of';
import type { Instance } from '../state';
import type { NetworkInterface } from './interfaces';

/** Asks the networks for the addresses of interfaces that have none. */
export const dueInterfaces = (state: Instance): readonly CommandEffect[] =>
  state.interfaces.filter(({ stage }) => stage === 'requested').map((one) => allocateAddress(state, one));

function allocateAddress(state: Instance, { id: claimId, asked }: NetworkInterface): CommandEffect {
  const { instanceId, notAfter } = requestOf(state);
  return {
    kind: 'command',
    id: deriveId(claimId, 'allocate'),
    target: { category: 'network', id: asked.networkId },
    command: {
      type: 'AllocateAddress',
      data: { claimId, owner: instanceRef(instanceId), address: asked.address, notAfter },
    },
    onDone: (answer) => ({ type: 'RecordAddressAllocated', data: { claimId, ...(answer as AllocatedAddress) } }),
    onRefused: ({ code, message }) => ({ type: 'FailLaunch', data: { code, message } }),
  };
}
