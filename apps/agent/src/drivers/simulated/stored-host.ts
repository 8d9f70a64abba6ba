import type { HostNames, HostSecurity, InstanceSpec, NetworkPeers } from '@cairn/host-protocol';

import type { FloatingIp, Port } from '../../ports/host-network.port';

import type { BlobFacts } from './image-source';

// What a simulated machine holds, as it is kept.

export interface SimulatedDomain {
  readonly spec: InstanceSpec;
  /** In the machine's memory, also while it is paused. */
  readonly running: boolean;
  readonly paused: boolean;
  /** Its file systems take no writes. Absent: they do. */
  readonly frozen?: true;
  /** MACs of the NICs of a guest in memory, or in what is saved of that. Absent: those that it is defined with. */
  readonly nics?: readonly string[];
  /** Its memory is saved on disk. */
  readonly saved: boolean;
  /** Starts so far; the running incarnation's number. */
  readonly starts: number;
  readonly console: string;
  /** The output of a guest as soon as it runs: a guest that is held from its start has not booted. */
  readonly unprinted: string;
}

export interface SimulatedPort extends Port {
  readonly tap: string;
}

export interface SimulatedImage {
  readonly facts: BlobFacts;
  /** Order of the last uses, greater is later. */
  readonly used: number;
}

export interface SimulatedDisks {
  readonly image: string;
  readonly rootBytes: number;
  /** Bytes of the disks besides the root disk, by the names of their files. Absent: kept by an older release. */
  readonly others?: Readonly<Record<string, number>>;
  readonly kernel: string | null;
  readonly ramdisk: string | null;
  /** Name of a root disk that was made again. */
  readonly rootId?: string;
  /** The image that a rescued guest boots from. */
  readonly rescue?: string;
}

/** What each table of the machine holds, by key. */
export interface HostTables {
  readonly domains: SimulatedDomain;
  /** By tap. */
  readonly ports: SimulatedPort;
  readonly images: SimulatedImage;
  readonly disks: SimulatedDisks;
  /** By project: what filters its ports. */
  readonly security: HostSecurity;
  readonly floating: FloatingIp;
  /** By network. */
  readonly peers: NetworkPeers;
  /** One entry: all that guests may ask for beside each other's names. */
  readonly names: HostNames;
}

export const HOST_TABLES = ['domains', 'ports', 'images', 'disks', 'security', 'floating', 'peers', 'names'] as const;

export type HostTable = (typeof HOST_TABLES)[number];

/** The present value of a key in one of the machine's tables; null: none any more. */
export interface HostChange {
  readonly table: HostTable;
  readonly key: string;
  readonly value: unknown;
}

/** All that the machine holds. A table is absent where a release without it kept the machine. */
export type StoredHost = { readonly [T in HostTable]?: readonly (readonly [string, HostTables[T]])[] };
