import type { StreamRef } from '../kernel/aggregate';
import type { Instant } from '../kernel/time';
import type { ImageEvent } from './images';
import type { Inventory } from './inventory';

export interface Capacity {
  readonly vcpus: number;
  readonly ramMb: number;
  readonly diskGb: number;
}

/** The capacity that an owner uses on a host. */
export interface CapacityClaim {
  readonly claimId: string;
  readonly owner: StreamRef;
  readonly projectId: string;
  readonly amounts: Capacity;
}

/** Something of a host's network that was not what the host had been told. */
export interface NetworkDifference {
  /** A kind of thing, such as `bridge` or `rules`. */
  readonly topic: string;
  /** Which one, such as the bridge's name. */
  readonly name: string;
  /** What was found, in one sentence for people. */
  readonly says: string;
}

export type HostEvent =
  | {
      readonly type: 'host.enrolled.v1';
      readonly data: {
        readonly hostId: string;
        readonly name: string;
        /** Integer id of the compute service and of the hypervisor, as nova's clients show them. */
        readonly number: number;
        readonly availabilityZone: string;
      };
    }
  | { readonly type: 'host.started.v1'; readonly data: { readonly bootId: string; readonly inventory: Inventory } }
  /** An owner of a claim on this host was told of the restart. */
  | { readonly type: 'host.owner-informed.v1'; readonly data: { readonly owner: StreamRef; readonly bootId: string } }
  | { readonly type: 'host.went-down.v1'; readonly data: { readonly lastSeenAt: Instant | null } }
  | { readonly type: 'host.came-up.v1'; readonly data: { readonly bootId: string } }
  | { readonly type: 'host.disabled.v1'; readonly data: { readonly reason: string | null } }
  | { readonly type: 'host.enabled.v1'; readonly data: Record<string, never> }
  | { readonly type: 'host.forced-down.v1'; readonly data: Record<string, never> }
  | { readonly type: 'host.force-down-cleared.v1'; readonly data: Record<string, never> }
  | ImageEvent
  /** No longer a host of the cloud, unless it is enrolled again, under another number. */
  | { readonly type: 'host.removed.v1'; readonly data: Record<string, never> }
  | { readonly type: 'host.capacity-claimed.v2'; readonly data: CapacityClaim }
  | {
      readonly type: 'host.capacity-released.v2';
      readonly data: { readonly claimId: string; readonly owner: StreamRef };
    }
  | {
      readonly type: 'host.claim-tombstoned.v1';
      readonly data: { readonly claimId: string; readonly notAfter: Instant };
    }
  /**
   * A result for no outstanding effect, or from the wrong host or generation. The host's stream keeps it as evidence.
   */
  | {
      readonly type: 'host.result-rejected.v2';
      readonly data: {
        readonly effectId: string;
        readonly resource: StreamRef;
        readonly generation: number;
        readonly resultType: string;
        readonly reason: string;
      };
    }
  /** Counts the agent's invalid and excess reports of the last minute; the log does not keep them. */
  | {
      readonly type: 'host.reports-refused.v1';
      /** @param reason of the first of them. */
      readonly data: { readonly count: number; readonly reason: string };
    }
  | {
      readonly type: 'host.drift-detected.v1';
      readonly data: { readonly bootId: string; readonly kind: string; readonly name: string };
    }
  | {
      readonly type: 'host.network-differed.v1';
      readonly data: {
        readonly bootId: string;
        /** What the agent has made right again since the event before. */
        readonly mended: readonly NetworkDifference[];
        /** What it could not make right. */
        readonly left: readonly NetworkDifference[];
        /** How many differences besides it does not list. */
        readonly more: number;
      };
    };
