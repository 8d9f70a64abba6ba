import type { StreamRef } from '../kernel/aggregate';

/** An address of an external network that a project has. */
export interface FloatingIpRecord {
  readonly floatingIpId: string;
  /** The integer by which OpenStack's compute API names it. */
  readonly number: number;
  readonly projectId: string;
  readonly poolId: string;
  readonly poolName: string;
  readonly address: string;
  /** Where its host answers for it; null for the interface that leads the host out. */
  readonly interface: string | null;
  /** A server got it at its launch: it stays with its port, and counts in no quota. Absent: somebody asked for it. */
  readonly autoAssigned?: true;
}

/** The port that an address leads to. */
export interface FloatingTarget {
  /** What has the port now: an instance. */
  readonly holder: StreamRef;
  readonly portId: string;
  readonly networkId: string;
  readonly fixedAddress: string;
}

/** Names one association: the same port may be associated again later. */
interface Associated {
  readonly associationId: string;
}

export interface FloatingIpEvents {
  readonly 'floating-ip.allocated.v1': FloatingIpRecord;
  readonly 'floating-ip.creation-abandoned.v1': { readonly floatingIpId: string };
  readonly 'floating-ip.associated.v1': Associated & FloatingTarget;
  /** The holder of the port knows of the association. */
  readonly 'floating-ip.bound.v1': Associated;
  /** @property lost the holder has no such port any more, so it need not be told. */
  readonly 'floating-ip.disassociated.v1': Associated & {
    readonly lost?: { readonly code: string; readonly message: string };
  };
  /** The former holder knows that the association has ended. */
  readonly 'floating-ip.unbound.v1': Associated;
  /** Where the holder says that its port is; null for nowhere. Each statement has a greater version. */
  readonly 'floating-ip.placed.v1': Associated & { readonly version: number; readonly hostId: string | null };
  /** The host carries the address, or does not any more, as the job of that generation asked. */
  readonly 'floating-ip.applied.v1': { readonly hostId: string; readonly generation: number };
  readonly 'floating-ip.apply-failed.v1': {
    readonly hostId: string;
    readonly generation: number;
    readonly attempt: number;
    readonly code: string;
    readonly message: string;
  };
  /** @property names that stand for it in DNS go with it. Absent: released before there were any. */
  readonly 'floating-ip.released.v1': { readonly floatingIpId: string; readonly names?: true };
  /** What the released address has given back. */
  readonly 'floating-ip.returned.v1': { readonly what: 'address' | 'names' | 'quota' };
}
