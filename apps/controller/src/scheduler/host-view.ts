import {
  type AggregateMetadata,
  aggregatesByHost,
  claimable,
  type Host,
  type HostAggregates,
  type Inventory,
  isUp,
  type PlacementRequest,
  zoneOfHost,
} from '@cairn/domain';

/** A host as the scheduler sees it: its free capacity, less the choices that are not claims yet. */
export interface HostView {
  readonly hostId: string;
  readonly name: string;
  readonly availabilityZone: string;
  /** The metadata of each aggregate that the host is in. */
  readonly aggregates: readonly AggregateMetadata[];
  readonly enabled: boolean;
  readonly up: boolean;
  /** What guests can be: in the words of nova's ImagePropertiesFilter. */
  readonly machine: {
    readonly architectures: readonly string[];
    readonly hypervisorTypes: readonly string[];
    readonly hypervisorVersion: number;
    readonly vmModes: readonly string[];
  };
  readonly free: { readonly vcpus: number; readonly ramMb: number; readonly diskGb: number };
}

/** Null for a host that has not reported its resources. */
export function viewOf(host: Host, groups: HostAggregates, chosen: readonly PlacementRequest[]): HostView | null {
  if (host.inventory === null) return null;
  const limit = claimable(host.inventory);
  const left = (resource: 'vcpus' | 'ramMb' | 'diskGb'): number =>
    limit[resource] - host.used[resource] - chosen.reduce((sum, request) => sum + request[resource], 0);
  return {
    hostId: host.hostId,
    name: host.name,
    availabilityZone: zoneOfHost(groups, host),
    aggregates: (aggregatesByHost(groups).get(host.hostId) ?? []).map(({ metadata }) => metadata),
    enabled: host.enabled,
    up: isUp(host),
    machine: machineOf(host.inventory),
    free: { vcpus: left('vcpus'), ramMb: left('ramMb'), diskGb: left('diskGb') },
  };
}

/** By how a host virtualises. A simulated host stands for a real one, and takes what that would. */
const HYPERVISOR_TYPES: Readonly<Record<Inventory['virtType'], readonly string[]>> = {
  kvm: ['qemu', 'kvm'],
  tcg: ['qemu'],
  simulated: ['fake', 'qemu', 'kvm'],
};

/** An x86 processor of 64 bits runs guests of 32 bits, too. */
const machineOf = ({ cpu, virtType, hypervisorVersion }: Inventory): HostView['machine'] => ({
  architectures: cpu.arch === 'x86_64' ? ['x86_64', 'i686'] : [cpu.arch],
  hypervisorTypes: HYPERVISOR_TYPES[virtType],
  hypervisorVersion,
  vmModes: ['hvm'],
});
