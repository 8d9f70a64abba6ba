import { claimable, type Host, isUp, type PlacementRequest } from '@cairn/domain';

/** A host as the scheduler sees it: its free capacity, less the choices that are not claims yet. */
export interface HostView {
  readonly hostId: string;
  readonly name: string;
  readonly availabilityZone: string;
  readonly enabled: boolean;
  readonly up: boolean;
  readonly free: { readonly vcpus: number; readonly ramMb: number; readonly diskGb: number };
}

/** Null for a host that has not reported its resources. */
export function viewOf(host: Host, chosen: readonly PlacementRequest[]): HostView | null {
  if (host.inventory === null) return null;
  const limit = claimable(host.inventory);
  const left = (resource: 'vcpus' | 'ramMb' | 'diskGb'): number =>
    limit[resource] - host.used[resource] - chosen.reduce((sum, request) => sum + request[resource], 0);
  return {
    hostId: host.hostId,
    name: host.name,
    availabilityZone: host.availabilityZone,
    enabled: host.enabled,
    up: isUp(host),
    free: { vcpus: left('vcpus'), ramMb: left('ramMb'), diskGb: left('diskGb') },
  };
}
