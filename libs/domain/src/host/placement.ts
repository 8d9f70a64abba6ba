/** What the scheduler must find room for. */
export interface PlacementRequest {
  readonly instanceId: string;
  /** The claim that will be made on the host that is chosen. */
  readonly claimId: string;
  readonly projectId: string;
  readonly vcpus: number;
  readonly ramMb: number;
  /** Root, ephemeral and swap together, in GiB, rounded up. */
  readonly diskGb: number;
  readonly availabilityZone: string | null;
  /** Host name that an administrator forced; skips the filters (compute.md, section 4). */
  readonly forcedHost: string | null;
  /** Hosts that were tried already for this launch. */
  readonly excludedHosts: readonly string[];
}

/** Whether the request of a place effect, opaque to the kernel, is one that the scheduler can answer. */
export const isPlacementRequest = (request: object): request is PlacementRequest =>
  'claimId' in request && 'excludedHosts' in request;
