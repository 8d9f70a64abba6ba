import { isUp } from '@cairn/domain';
import type { HostRow, ServerRow } from '@cairn/projections';
import { domainNameOf } from '../servers/domain-name';

/** Names of hypervisors are the hosts' own; a host that never reported is known by the name of its service. */
export const hypervisorName = (row: HostRow): string => row.hostname ?? row.name;

export const presentHypervisorBrief = (row: HostRow): Record<string, unknown> => ({
  id: row.number,
  hypervisor_hostname: hypervisorName(row),
  state: isUp(row) ? 'up' : 'down',
  status: row.enabled ? 'enabled' : 'disabled',
});

/** `cpu_info` is a document from 2.28 on, before that its text. */
function cpuInfo({ cpu }: HostRow, minor: number): unknown {
  if (cpu === null) return minor >= 28 ? {} : '';
  const { arch, model, vendor, features, cores, threads, sockets } = cpu;
  const info = { arch, model, vendor, features, topology: { cores, threads, sockets } };
  return minor >= 28 ? info : JSON.stringify(info);
}

export interface HostLoad {
  /** Servers on the host with a task under way. */
  readonly workload: number;
}

/** What there is and what of it is claimed; without over-commitment, so `free` may be below 0 (as in nova). */
function resources(row: HostRow, { workload }: HostLoad): Record<string, number> {
  const [vcpus, memory, disk] = [row.vcpus ?? 0, row.ramMb ?? 0, row.diskGb ?? 0];
  return {
    vcpus,
    vcpus_used: row.usedVcpus,
    memory_mb: memory,
    memory_mb_used: row.usedRamMb,
    free_ram_mb: memory - row.usedRamMb,
    local_gb: disk,
    local_gb_used: row.usedDiskGb,
    free_disk_gb: disk - row.usedDiskGb,
    disk_available_least: disk - row.usedDiskGb,
    running_vms: row.runningVms,
    current_workload: workload,
  };
}

export const presentHypervisor = (row: HostRow, load: HostLoad, minor: number): Record<string, unknown> => ({
  ...presentHypervisorBrief(row),
  ...resources(row, load),
  host_ip: row.hostIp,
  hypervisor_type: row.hypervisorType,
  hypervisor_version: row.hypervisorVersion,
  cpu_info: cpuInfo(row, minor),
  service: { id: row.number, host: row.name, disabled_reason: row.disabledReason },
});

/** `GET os-hypervisors/statistics`: sums over the hosts that are enabled, as nova 26.1 counts. */
export function presentStatistics(rows: readonly HostRow[], loadOf: (row: HostRow) => HostLoad): unknown {
  const enabled = rows.filter((row) => row.enabled);
  const sums = new Map<string, number>(Object.entries({ count: enabled.length, ...NOTHING }));
  for (const row of enabled) {
    for (const [name, value] of Object.entries(resources(row, loadOf(row))))
      sums.set(name, (sums.get(name) ?? 0) + value);
  }
  return { hypervisor_statistics: Object.fromEntries(sums) };
}

const NOTHING = {
  vcpus: 0,
  vcpus_used: 0,
  memory_mb: 0,
  memory_mb_used: 0,
  free_ram_mb: 0,
  local_gb: 0,
  local_gb_used: 0,
  free_disk_gb: 0,
  disk_available_least: 0,
  running_vms: 0,
  current_workload: 0,
};

type OnHost = Pick<ServerRow, 'id' | 'number'>;

/** `GET os-hypervisors/{name}/servers`; a hypervisor without servers has no such field. */
export const presentHypervisorServers = (row: HostRow, servers: readonly OnHost[]): unknown => ({
  ...presentHypervisorBrief(row),
  ...(servers.length === 0
    ? {}
    : { servers: servers.map(({ id, number }) => ({ uuid: id, name: domainNameOf(number) })) }),
});
