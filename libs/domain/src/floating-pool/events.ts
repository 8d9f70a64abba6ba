import type { StreamRef } from '../kernel/aggregate';
import type { Instant } from '../kernel/time';

/** Addresses of an external network that projects may get, from the first to the last, as dotted quads. */
export interface FloatingRange {
  readonly first: string;
  readonly last: string;
  /** Where hosts answer for these addresses; null for the interface that leads each host out. */
  readonly interface: string | null;
}

/** An address that a pool has given out. */
export interface FloatingGrant {
  readonly owner: StreamRef;
  readonly address: string;
  readonly interface: string | null;
}

export type FloatingPoolEvent =
  | { readonly type: 'floating-pool.created.v1'; readonly data: { readonly poolId: string; readonly name: string } }
  | { readonly type: 'floating-pool.range-added.v1'; readonly data: FloatingRange }
  | {
      readonly type: 'floating-pool.range-removed.v1';
      readonly data: Pick<FloatingRange, 'first' | 'last'>;
    }
  | {
      readonly type: 'floating-pool.address-reserved.v1';
      readonly data: FloatingGrant & { readonly settleAfter: Instant };
    }
  | { readonly type: 'floating-pool.address-confirmed.v1'; readonly data: { readonly owner: StreamRef } }
  | {
      readonly type: 'floating-pool.address-released.v1';
      readonly data: { readonly owner: StreamRef; readonly address: string };
    };
