import type { ImageSpec } from '../instance/spec';

/** The payload of each kind of job that a host owes itself. Part of the host protocol. */
export interface HostJobs {
  /** Have the image in the host's cache, before any server needs it. */
  readonly 'cache-image': { readonly image: ImageSpec };
}

export const HOST_JOBS: readonly (keyof HostJobs)[] = ['cache-image'];
