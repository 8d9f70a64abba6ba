import { type Capacity, own } from '@cairn/domain';
import type { HostView } from './host-view';

type Attribute = string | number | boolean | readonly string[] | Attributes;
interface Attributes {
  readonly [name: string]: Attribute;
}

const free = ({ inventory, used }: HostView, resource: keyof Capacity): number => inventory[resource] - used[resource];

/** What extra specs and queries may ask of a host, under the names of nova's HostState. Free means without over-commit. */
function attributes(host: HostView): Attributes {
  const { inventory, used } = host;
  const { cpu } = inventory;
  return {
    host: host.name,
    hypervisor_hostname: host.name,
    host_ip: inventory.hostIp,
    hypervisor_type: inventory.hypervisorType,
    hypervisor_version: inventory.hypervisorVersion,
    enabled: host.enabled,
    total_usable_ram_mb: inventory.ramMb,
    free_ram_mb: free(host, 'ramMb'),
    total_usable_disk_gb: inventory.diskGb,
    free_disk_mb: free(host, 'diskGb') * 1024,
    disk_mb_used: used.diskGb * 1024,
    vcpus_total: inventory.vcpus,
    vcpus_used: used.vcpus,
    num_instances: host.instances,
    num_io_ops: host.load.ioOps,
    failed_builds: host.failures,
    cpu_info: {
      arch: cpu.arch,
      model: cpu.model,
      vendor: cpu.vendor,
      features: cpu.features,
      topology: { sockets: cpu.sockets, cores: cpu.cores, threads: cpu.threads },
    },
  };
}

/** The attribute of a path such as `['cpu_info', 'vendor']`; undefined for one that a host does not have. */
export function hostAttribute(host: HostView, path: readonly string[]): Attribute | undefined {
  let at: Attribute | undefined = attributes(host);
  for (const name of path) {
    if (typeof at !== 'object' || Array.isArray(at)) return undefined;
    at = own(at as Attributes, name);
  }
  return at;
}
