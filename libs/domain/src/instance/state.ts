import type { JobStep, Restarted } from '../kernel/effect';
import type { Sealed } from '../kernel/sealed';
import type { Instant } from '../kernel/time';
import type { Told } from './groups/membership';
import type { LaunchRequest } from './launch/request';
import type { AssignedFloating } from './interfaces/assigned-floating';
import type { FloatingBinding } from './interfaces/floating';
import type { NetworkInterface } from './interfaces/interfaces';
import type { PlacesTold } from './interfaces/places';
import type { PlacedOn, Placement } from './placement/placement';
import type { SnapshotUnderWay } from './snapshot/image';
import type { RescueImages, ImageSpec } from './spec';
import type { Amounts } from '../quota/resources';
import type { Standing } from './standing';
import type { TaskState, VmState } from './states';

/** What a host must remove. */
export interface Removal {
  readonly id: string;
  /** `disks`: sets of disks that the server does not use any more, on a host that it is still on. */
  readonly kind: 'domain' | 'disks';
  readonly hostId: string;
  readonly generation: number;
  /** From 1; each try has an effect id of its own. */
  readonly attempt: number;
  readonly notBefore: Instant | null;
}

/** Something that the instance must give back before it is gone, or before it may be placed again. */
export type Debt =
  | Removal
  | {
      readonly id: string;
      readonly kind: 'host-claim';
      readonly hostId: string;
      readonly claimId: string;
      /** The deadline of the claim, for one of a move. Absent: the launch's. */
      readonly notAfter?: Instant;
    }
  | {
      readonly id: string;
      readonly kind: 'address';
      readonly networkId: string;
      readonly claimId: string;
      /** The deadline of the claim, for one of an interface that came later. Absent: the launch's. */
      readonly notAfter?: Instant;
    }
  /** A floating IP is to know that it leads nowhere any more. */
  | { readonly id: string; readonly kind: 'floating-ip'; readonly floatingIpId: string; readonly associationId: string }
  | { readonly id: string; readonly kind: 'quota' }
  /** What the stream of its project's security groups knows of it. */
  | { readonly id: string; readonly kind: 'membership' }
  /** An image to abandon, since it must not stay half done, or to delete. */
  | { readonly id: string; readonly kind: 'image'; readonly imageId: string; readonly how: 'abandon' | 'delete' }
  /** Another amount than its quota holds for the server. A change of an older version comes too late. */
  | { readonly id: string; readonly kind: 'reservation'; readonly amounts: Amounts; readonly version: number };

/** A host operation under way. */
export interface Operation {
  /** Its name in the table of operations. */
  readonly name: string;
  readonly operationId: string;
  readonly notAfter: Instant;
  /** The input that the request's event recorded. Only the operation's definition knows its type. */
  readonly input: object;
  /** The version of what it owes. Absent: the first. */
  readonly process?: 2;
  /** The image that it makes. */
  readonly snapshot?: SnapshotUnderWay;
  /** The leg under way. Absent: the first. */
  readonly leg?: number;
  /** How far the host is with the job of that leg. Absent: it has told nothing. */
  readonly told?: JobStep;
  /** The task that clients see, as the last event said. Absent: the leg's. */
  readonly task?: TaskState;
  /** The host of the server has begun to act on it, and must be told if it fails. */
  readonly disturbed?: true;
  /** Why it has failed, while the host makes true again what was before. */
  readonly undone?: { readonly code: string; readonly message: string };
  /** The host has restarted meanwhile: if the operation fails, nothing else brings the guest up again. */
  readonly restarted?: Restarted;
}

export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly at: Instant;
}

/** Members can remove their project's own lock; only administrators can remove an administrator's. */
export interface Lock {
  readonly by: 'owner' | 'admin';
  readonly reason: string | null;
}

export interface Instance {
  readonly vmState: VmState;
  /** The launch request, with name and metadata as they are now. Undefined while absent. */
  readonly request: LaunchRequest | undefined;
  /** The running search for a host, until the launch or move has succeeded or failed. */
  readonly placement: Placement | undefined;
  /** The host that the instance is on. */
  readonly host: PlacedOn | undefined;
  /** The set of disks that it uses there; undefined for the one that it was launched with. */
  readonly diskSet: string | undefined;
  /** What it was before a move that is neither confirmed nor reverted yet. */
  readonly former: Standing | undefined;
  /** What its quota holds for it, where that is not what its flavor uses. */
  readonly reserved: Amounts | undefined;
  readonly interfaces: readonly NetworkInterface[];
  /** Floating IPs that lead to its interfaces. Absent: none. */
  readonly floating?: readonly FloatingBinding[];
  /** The floating IP that its launch is to give it, from the moment when it has an address. Absent: not yet, or none. */
  readonly assigned?: AssignedFloating;
  readonly operation: Operation | undefined;
  /** Set by the request to delete the server. From then on the server only pays back its debts. */
  readonly deletion: { readonly operationId: string } | undefined;
  readonly debts: readonly Debt[];
  /** Of disks that are not the launch's any more (InstanceSpec): their names, and the image that the root disk is made of. */
  readonly disks?: { readonly rootId?: string; readonly ephemeralId?: string; readonly image?: ImageSpec };
  /** The image that the server comes back from, and when its host is let go (null: when asked). Absent: not shelved. */
  readonly shelved?: { readonly imageId: string; readonly offloadAt: Instant | null };
  /** The host of the shelved server clears it away. */
  readonly offloading?: true;
  /** When a server that was resized or migrated is confirmed by itself. Absent: when somebody does it. */
  readonly confirmAt?: Instant;
  /** What the guest boots from while it is rescued. */
  readonly rescue?: RescueImages;
  /** When it is to boot from its root disk again. Absent: when somebody asks for it. */
  readonly rescueEndsAt?: Instant;
  /** When a soft-deleted server is deleted. */
  readonly reclaimAt?: Instant;
  /** Nothing is filtered for it, or is. Absent: as it was launched. */
  readonly unfiltered?: boolean;
  /** How often its security groups have changed. Absent: never. */
  readonly groupsRevision?: number;
  /** What the stream of the project's security groups knows of it. Absent: nothing yet. */
  readonly told?: Told;
  /** What networks that span hosts know of its interfaces. Absent: nothing yet. */
  readonly placesTold?: readonly PlacesTold[];
  /** What the guest has posted of its administrator's password, encrypted for the owner of the server's key. */
  readonly postedPassword?: Sealed;
  /** Grows with each change of the desired state. */
  readonly generation: number;
  readonly fault: Fault | undefined;
  readonly everLaunched: boolean;
  /** Keeps tenants from acting on the server; undefined if the server is not locked. */
  readonly lock: Lock | undefined;
}

export const absent: Instance = {
  vmState: 'absent',
  request: undefined,
  placement: undefined,
  host: undefined,
  diskSet: undefined,
  former: undefined,
  reserved: undefined,
  interfaces: [],
  operation: undefined,
  deletion: undefined,
  debts: [],
  generation: 0,
  fault: undefined,
  everLaunched: false,
  lock: undefined,
};

export const isRemoval = (debt: Debt): debt is Removal => debt.kind === 'domain' || debt.kind === 'disks';

/** Changes fields of the launch request; an instance without a request stays as it is. */
export const withRequest = (instance: Instance, change: Partial<LaunchRequest>): Instance =>
  instance.request === undefined ? instance : { ...instance, request: { ...instance.request, ...change } };

export const isLaunching = ({ placement }: Instance): boolean => placement?.purpose === 'launch';

/** The host that clients see: where the instance is, or where it is being launched; none while it is being unshelved. */
export const hostOf = ({ host, placement }: Instance): PlacedOn | undefined =>
  host ?? (placement?.purpose === 'launch' ? placement.target : undefined);
