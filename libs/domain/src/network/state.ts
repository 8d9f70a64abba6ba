import type { StreamRef } from '../kernel/aggregate';
import type { Claims } from '../kernel/claims';
import type { HostCopy } from '../kernel/host-copies';
import { Table } from '../kernel/table';
import type { NetworkSpec } from '../instance/spec';

export interface AddressClaim {
  readonly claimId: string;
  readonly owner: StreamRef;
  readonly address: string;
  readonly mac: string;
  /** Of a network that has IPv6 addresses. It follows from the MAC, so it is unique as that is. */
  readonly addressV6?: string;
}

/** What the sender of AllocateAddress learns. */
export interface AllocatedAddress {
  readonly address: string;
  readonly mac: string;
  readonly addressV6?: string;
  readonly network: NetworkSpec;
}

/** A host with guests in the network, or its gateway, and which version of the list of those hosts it has. */
export interface NetworkHost extends HostCopy {
  /** How many claims have their guests there, or may get them there. */
  readonly claims: number;
  /** Where other hosts reach it; null until it has said so. */
  readonly address: string | null;
}

/** Where the guest of a claim runs or may run. */
export interface Places {
  readonly hosts: readonly string[];
  /** Grows with each change that its server tells. */
  readonly version: number;
  /** What the gateway has to know besides, of networks whose gateway is one host. Absent: of others. */
  readonly hostname?: string;
  readonly floating?: readonly FloatingRef[];
}

/** A floating IP, and one association of it. */
export interface FloatingRef {
  readonly floatingIpId: string;
  readonly associationId: string;
}

/** A floating IP that leads to a guest of the network, and the version of the gateway that it knows; 0: none. */
export interface LedAddress extends FloatingRef {
  readonly claimId: string;
  readonly told: number;
}

export interface Network extends Claims<AddressClaim> {
  readonly exists: boolean;
  readonly deleted: boolean;
  readonly spec: NetworkSpec;
  /** First and last address that instances may get, as dotted quads. */
  readonly rangeStart: string;
  readonly rangeEnd: string;
  /** Whose guests it is for; null: everybody's. */
  readonly projectId: string | null;
  /** The project in whose quota it still counts. Absent: in nobody's. */
  readonly countsFor?: string;
  /** It was never created, and can no longer be. */
  readonly abandoned?: true;
  /** Addresses that an operator keeps from being given out. */
  readonly reserved: Table<true>;
  /** Address -> claim id. */
  readonly taken: Table<string>;
  readonly macs: Table<string>;
  /** Where the next search for a free address begins, so that addresses are reused as late as possible. */
  readonly cursor: number;
  /** By claim; of networks that span hosts, or whose gateway is one host. */
  readonly places: Table<Places>;
  readonly hosts: Table<NetworkHost>;
  /** Grows with each change that hosts may have to know. */
  readonly version: number;
  /** The host that is the gateway of all guests, if that is one; null for none yet. */
  readonly gateway: string | null;
  /** The version at which the gateway moved last; 0: never. */
  readonly gatewayVersion: number;
  /** By association; of networks whose gateway is one host. */
  readonly led: Table<LedAddress>;
}

export const noNetwork: Network = {
  exists: false,
  deleted: false,
  spec: { networkId: '', label: '', bridge: '', cidr: '0.0.0.0/32', gateway: '', dns: [], domain: '', mtu: 1500 },
  rangeStart: '0.0.0.0',
  rangeEnd: '0.0.0.0',
  projectId: null,
  reserved: Table.empty(),
  claims: Table.empty(),
  taken: Table.empty(),
  macs: Table.empty(),
  cursor: 0,
  places: Table.empty(),
  hosts: Table.empty(),
  version: 0,
  gateway: null,
  gatewayVersion: 0,
  led: Table.empty(),
  tombstones: Table.empty(),
};
