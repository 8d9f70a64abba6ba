import {
  type AggregateMetadata,
  aggregatesByHost,
  type Capacity,
  type Host,
  type HostAggregates,
  type Inventory,
  isUp,
  type PlacementRequest,
  zoneOfHost,
} from '@cairn/domain';

/** What a host is busy with, as far as its own stream does not say. */
export interface HostLoad {
  /** Servers that are in a task that reads or writes much, such as a launch or a snapshot (nova: num_io_ops). */
  readonly ioOps: number;
  /** Names of the flavors of its servers. */
  readonly flavors: ReadonlySet<string>;
}

export const NO_LOAD: HostLoad = { ioOps: 0, flavors: new Set() };

/** A host as the scheduler sees it: what it has and what is used, choices included that are not claims yet. */
export interface HostView {
  readonly hostId: string;
  readonly name: string;
  readonly availabilityZone: string;
  /** The metadata of each aggregate that the host is in. */
  readonly aggregates: readonly AggregateMetadata[];
  readonly enabled: boolean;
  readonly up: boolean;
  readonly inventory: Inventory;
  /** What guests can be: in the words of nova's ImagePropertiesFilter. */
  readonly machine: {
    readonly architectures: readonly string[];
    readonly hypervisorTypes: readonly string[];
    readonly hypervisorVersion: number;
    readonly vmModes: readonly string[];
  };
  readonly used: Capacity;
  readonly claims: Pick<Host['claims'], 'values' | 'size'>;
  /** Servers, with those that it was chosen for. */
  readonly instances: number;
  readonly load: HostLoad;
  /** Launches that have failed here in the last half hour. */
  readonly failures: number;
}

/** What the scheduler itself knows of a host. */
export interface Known {
  readonly chosen: readonly PlacementRequest[];
  readonly load: HostLoad;
  readonly failures: number;
}

/** Null for a host that has not reported its resources. */
export function viewOf(host: Host, groups: HostAggregates, { chosen, load, failures }: Known): HostView | null {
  const { inventory, claims } = host;
  if (inventory === null) return null;
  const used = (resource: keyof Capacity): number =>
    chosen.reduce((sum, request) => sum + request[resource], host.used[resource]);
  return {
    hostId: host.hostId,
    name: host.name,
    availabilityZone: zoneOfHost(groups, host),
    aggregates: (aggregatesByHost(groups).get(host.hostId) ?? []).map(({ metadata }) => metadata),
    enabled: host.enabled,
    up: isUp(host),
    inventory,
    machine: machineOf(inventory),
    used: { vcpus: used('vcpus'), ramMb: used('ramMb'), diskGb: used('diskGb') },
    claims,
    instances: claims.size + chosen.length,
    load,
    failures,
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
