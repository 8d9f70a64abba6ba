import type { NetworkSpec } from '../instance/spec';
import type { StreamRef } from '../kernel/aggregate';
import type { ClaimRef } from '../kernel/claims';
import type { AbandonCreation } from '../kernel/reservations';
import type { HostNotUpdated, HostTry } from '../kernel/host-copies';
import type { PeersApplied } from './jobs';
import type { AddressClaim, Places } from './state';

/** Whose guests a network is for. */
interface Tenancy {
  /** Absent: everybody's. */
  readonly projectId?: string;
  /** Of the networks that a server gets unasked, those with a lower number come first. Absent: behind all that have one. */
  readonly priority?: number;
  /** The project in whose quota of networks it counts, for as long as the project has it. Absent: in nobody's. */
  readonly countsFor?: string;
}

interface Address {
  readonly address: string;
}

export type NetworkCommand =
  | {
      readonly type: 'CreateNetwork';
      readonly data: NetworkSpec & Tenancy & { readonly rangeStart: string | null; readonly rangeEnd: string | null };
    }
  | AbandonCreation
  | { readonly type: 'RecordNetworkQuotaReleased'; readonly data: Record<string, never> }
  /** @property alsoOfProject absent: refused while a project has it. */
  | { readonly type: 'DeleteNetwork'; readonly data: { readonly alsoOfProject?: true } }
  /** Gives a network that no project has to one. */
  | { readonly type: 'AssociateNetwork'; readonly data: { readonly projectId: string } }
  /** Takes it from its project: it is everybody's, or, if it is for one project only, the next one's that needs one. */
  | { readonly type: 'DisassociateNetwork'; readonly data: Record<string, never> }
  /** The address is not given out any more; a server that has it keeps it. */
  | { readonly type: 'ReserveNetworkAddress'; readonly data: Address }
  | { readonly type: 'UnreserveNetworkAddress'; readonly data: Address }
  | {
      readonly type: 'AllocateAddress';
      readonly data: ClaimRef & {
        readonly owner: StreamRef;
        /** A certain address, or null for any that is free. */
        readonly address: string | null;
      };
    }
  | { readonly type: 'ReleaseAddress'; readonly data: ClaimRef }
  /** A server tells where it is. What is older than what is known changes nothing, nor does a claim that is not held. */
  | { readonly type: 'SetPlaces'; readonly data: ClaimPlaces }
  /** The gateway of all guests is this host from now on; null: none before the next guest comes. */
  | { readonly type: 'MoveGateway'; readonly data: { readonly hostId: string | null } }
  | { readonly type: 'RecordFloatingPlaced'; readonly data: FloatingPlaced }
  | { readonly type: 'RecordHostUpdated'; readonly data: PeersApplied }
  | { readonly type: 'RecordHostNotUpdated'; readonly data: HostTry };

/** A floating IP knows the gateway of that version. */
export interface FloatingPlaced {
  readonly associationId: string;
  readonly version: number;
}

export type ClaimPlaces = Places & { readonly claimId: string };

export type NetworkEvent =
  | {
      readonly type: 'network.created.v1';
      readonly data: NetworkSpec & Tenancy & { readonly rangeStart: string; readonly rangeEnd: string };
    }
  | { readonly type: 'network.creation-abandoned.v1'; readonly data: { readonly networkId: string } }
  | { readonly type: 'network.quota-released.v1'; readonly data: { readonly projectId: string } }
  | { readonly type: 'network.deleted.v1'; readonly data: { readonly networkId: string } }
  | { readonly type: 'network.project-set.v1'; readonly data: { readonly projectId: string | null } }
  | { readonly type: 'network.address-reserved.v1'; readonly data: Address }
  | { readonly type: 'network.address-unreserved.v1'; readonly data: Address }
  | { readonly type: 'network.address-allocated.v2'; readonly data: AddressClaim }
  | {
      readonly type: 'network.address-released.v1';
      readonly data: { readonly claimId: string; readonly address: string };
    }
  | { readonly type: 'network.claim-tombstoned.v1'; readonly data: ClaimRef }
  | { readonly type: 'network.places-set.v1'; readonly data: ClaimPlaces }
  | { readonly type: 'network.gateway-moved.v1'; readonly data: { readonly hostId: string | null } }
  | { readonly type: 'network.floating-placed.v1'; readonly data: FloatingPlaced }
  | { readonly type: 'network.host-updated.v1'; readonly data: PeersApplied }
  | { readonly type: 'network.host-not-updated.v1'; readonly data: HostNotUpdated };
