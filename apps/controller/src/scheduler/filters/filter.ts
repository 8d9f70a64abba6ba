import type { PlacementRequest } from '@cairn/domain';
import type { HostView } from '../host-view';

/** One reason to exclude a host. Pure; named as in nova. */
export interface Filter {
  readonly name: string;
  passes(host: HostView, request: PlacementRequest): boolean;
  /** The reason for a tenant when this filter leaves no host. */
  readonly reason: string;
}
