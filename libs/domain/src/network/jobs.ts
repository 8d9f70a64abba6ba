import type { NetworkSpec } from '../instance/spec';
import type { HostVersion } from '../kernel/host-copies';

/** The payload of each kind of job that a network gives to hosts. Part of the host protocol. */
export interface NetworkJobs {
  /** Exchange the network's frames with these hosts, and no others; be its gateway, or not. */
  readonly 'apply-peers': NetworkPeers;
}

/** The hosts that a host shares a network with. */
export interface NetworkPeers {
  /** The version of the stream that this shows. */
  readonly version: number;
  /** Their addresses. */
  readonly peers: readonly string[];
  /** For the host that is the gateway of all guests. Absent: for every other host. */
  readonly gateway?: GatewayDuties;
}

/** What one gateway needs to know that has guests on other hosts, and may have none itself. */
export interface GatewayDuties {
  readonly network: NetworkSpec;
  /** All guests of the network. */
  readonly guests: readonly ServedGuest[];
}

/** A guest that a gateway serves DHCP and leads floating IPs to. */
export interface ServedGuest {
  readonly instanceId: string;
  /** Empty: none that is known. */
  readonly hostname: string;
  readonly address: string;
  readonly mac: string;
}

/** What a host says when it has done that. */
export interface PeersApplied extends HostVersion {
  /** Its own address, for the others. */
  readonly address: string;
}

export const NETWORK_JOBS: readonly (keyof NetworkJobs)[] = ['apply-peers'];
