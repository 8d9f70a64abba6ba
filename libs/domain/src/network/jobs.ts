import type { HostVersion } from '../kernel/host-copies';

/** The payload of each kind of job that a network gives to hosts. Part of the host protocol. */
export interface NetworkJobs {
  /** Exchange the network's frames with these hosts, and no others. */
  readonly 'apply-peers': NetworkPeers;
}

/** The hosts that a host shares a network with. */
export interface NetworkPeers {
  /** The version of the stream that this shows. */
  readonly version: number;
  /** Their addresses. */
  readonly peers: readonly string[];
}

/** What a host says when it has done that. */
export interface PeersApplied extends HostVersion {
  /** Its own address, for the others. */
  readonly address: string;
}

export const NETWORK_JOBS: readonly (keyof NetworkJobs)[] = ['apply-peers'];
