import { deriveId } from '../../ids';
import { allocated, type Attachment, requested } from '../attachments';
import type { NetworkChoice } from '../launch/request';
import type { Decisions, Folds } from '../section';
import type { NetworkSpec, NicSpec } from '../spec';
import type { Instance } from '../state';

/** A network interface of an instance: an address in one network. */
export type NetworkInterface = Attachment<NetworkChoice, NicSpec>;

/** The id of an instance's claim on an address of one network: the same at every try. */
export const addressClaimId = (instanceId: string, networkId: string): string =>
  deriveId(instanceId, 'address', networkId);

/** One interface for each requested network; a network that is requested twice counts once. */
export const requestedInterfaces = (
  instanceId: string,
  networks: readonly NetworkChoice[],
): readonly NetworkInterface[] => {
  const byId = new Map(networks.map((network) => [addressClaimId(instanceId, network.networkId), network]));
  return [...byId].map(([id, network]) => requested(id, network));
};

/** An address that an instance has, as clients see it. */
export interface Address extends NicSpec {
  readonly claimId: string;
}

/** The addresses that an instance has. One that is being deleted shows them until it is gone, as in nova. */
export const addressesOf = ({ interfaces }: Instance): readonly Address[] =>
  interfaces.flatMap(({ id, held }) => (held === undefined ? [] : [{ claimId: id, ...held }]));

export interface InterfaceCommands {
  readonly RecordAddressAllocated: Allocation;
}

export interface InterfaceEvents {
  readonly 'instance.address-allocated.v1': Allocation;
}

interface Allocation {
  readonly claimId: string;
  readonly address: string;
  readonly mac: string;
  readonly network: NetworkSpec;
}

export const interfaceDecisions: Decisions<InterfaceCommands> = {
  RecordAddressAllocated: (data, { interfaces }) =>
    interfaces.some(({ id, stage }) => id === data.claimId && stage === 'requested')
      ? [{ type: 'instance.address-allocated.v1', data }]
      : [],
};

export const interfaceFolds: Folds<InterfaceEvents> = {
  'instance.address-allocated.v1': (state, { claimId, ...nic }) => ({
    ...state,
    interfaces: allocated(state.interfaces, claimId, nic, { networkId: nic.network.networkId, address: null }),
  }),
};
