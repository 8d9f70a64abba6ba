import { claimable, type Host, type Inventory, isUp, type PlacementRequest } from '@cairn/domain';

/** A host as the scheduler sees it: its free capacity, less the choices that are not claims yet. */
export interface HostView {
  readonly hostId: string;
  readonly name: string;
  readonly availabilityZone: string;
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
