import { deriveId } from '../../ids';
import { allocated, type Attachment, requested } from '../attachments';
import type { NetworkChoice } from '../launch/request';
import type { Decisions, Folds } from '../section';
import type { NetworkSpec, NicSpec } from '../spec';
import type { Instance } from '../state';

/** @property plug its place among the NICs of the guest. Absent: that of its network among those of the launch. */
export type AskedInterface = NetworkChoice & { readonly plug?: number };

/** A network interface of an instance: an address in one network. */
export type NetworkInterface = Attachment<AskedInterface, NicSpec>;

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

/** Its place among the NICs of the guest, which it keeps while others come and go. From 0. */
export function plugOf({ request }: Pick<Instance, 'request'>, { asked }: NetworkInterface): number {
  if (asked.plug !== undefined) return asked.plug;
  const networks = [...new Set(request?.networks.map(({ networkId }) => networkId))];
  const place = networks.indexOf(asked.networkId);
  return place < 0 ? networks.length : place;
}

/** An address that an instance has, as clients see it. */
export interface Address extends NicSpec {
  readonly claimId: string;
}

/** The addresses that an instance has. One that is being deleted shows them until it is gone, as in nova. */
export const addressesOf = ({ interfaces }: Instance): readonly Address[] =>
  interfaces.flatMap(({ id, held }) => (held === undefined ? [] : [{ claimId: id, ...held }]));

/** Of an interface, in both families. */
export const allAddresses = ({
  address,
  addressV6,
}: Pick<NicSpec, 'address' | 'addressV6'>): readonly [string, ...string[]] =>
  addressV6 === undefined ? [address] : [address, addressV6];

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
  /** In a network that has IPv6 addresses. */
  readonly addressV6?: string;
  readonly network: NetworkSpec;
  /** What its tenant calls the interface, of one that came after the launch. Absent: nothing. */
  readonly tag?: string;
}

export const interfaceDecisions: Decisions<InterfaceCommands> = {
  RecordAddressAllocated(data, { interfaces }) {
    const asked = interfaces.find(({ id, stage }) => id === data.claimId && stage === 'requested')?.asked;
    if (asked === undefined) return [];
    const tag = asked.plug === undefined || asked.tag === undefined ? {} : { tag: asked.tag };
    return [{ type: 'instance.address-allocated.v1', data: { ...data, ...tag } }];
  },
};

export const interfaceFolds: Folds<InterfaceEvents> = {
  'instance.address-allocated.v1': (state, { claimId, tag: _tag, ...nic }) => ({
    ...state,
    interfaces: allocated(state.interfaces, claimId, nic, { networkId: nic.network.networkId, address: null }),
    // from here on the host may have it: a failure has to take it away there
    ...(state.operation === undefined ? {} : { operation: { ...state.operation, disturbed: true } }),
  }),
};
