import type { NetworkSpec } from '../spec';
import type { Decisions, Folds } from '../section';

interface Allocated {
  readonly claimId: string;
  readonly address: string;
  readonly mac: string;
  readonly network: NetworkSpec;
}

export interface InterfaceCommands {
  readonly RecordAddressAllocated: Allocated;
}

export interface InterfaceEvents {
  readonly 'instance.address-allocated.v1': Allocated;
}

export const interfaceDecisions: Decisions<InterfaceCommands> = {
  RecordAddressAllocated: (data, { launch, addresses }) =>
    launch === undefined || addresses.some(({ claimId }) => claimId === data.claimId)
      ? []
      : [{ type: 'instance.address-allocated.v1', data }],
};

export const interfaceFolds: Folds<InterfaceEvents> = {
  'instance.address-allocated.v1': (state, data) => ({ ...state, addresses: [...state.addresses, data] }),
};
