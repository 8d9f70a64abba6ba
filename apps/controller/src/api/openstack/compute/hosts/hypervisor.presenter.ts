import { isUp, own } from '@cairn/domain';
import type { HostRow, ServerRow } from '@cairn/projections';
import { domainNameOf } from '../servers/domain-name';
import { representation, type ShownField } from '../shared/representation';
import { UUIDS_SINCE } from './service.presenter';

/** Names of hypervisors are the hosts' own; a host that never reported is known by the name of its service. */
export const hypervisorName = (row: HostRow): string => row.hostname ?? row.name;

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

/** What else than its row decides how a hypervisor is shown. */
export interface HypervisorViewer {
  readonly minor: number;
  readonly loadOf: (row: HostRow) => HostLoad;
  /** The servers on it; undefined where nobody asked for them. */
  readonly serversOf?: (row: HostRow) => readonly OnHost[];
  /** The words of its `uptime` command by id, where hosts answered. */
  readonly uptimes?: ReadonlyMap<string, string>;
}

export interface HostLoad {
  /** Servers on the host with a task under way. */
  readonly workload: number;
}

type Hypervisor<V> = ShownField<HostRow, V>;
type Brief = Pick<HypervisorViewer, 'minor' | 'serversOf'>;

/** Before 2.75 a hypervisor without servers has no such field. */
function serversOf(row: HostRow, { minor, serversOf: of }: Brief): unknown {
  const servers = of?.(row);
  if (servers === undefined || (servers.length === 0 && minor < 75)) return undefined;
  return servers.map(({ id, number }) => ({ uuid: id, name: domainNameOf(number) }));
}

const BRIEF: readonly Hypervisor<Brief>[] = [
  ['id', ({ number }) => number, { until: UUIDS_SINCE - 1 }],
  ['id', ({ id }) => id, { since: UUIDS_SINCE }],
  ['hypervisor_hostname', hypervisorName],
  ['state', (row) => (isUp(row) ? 'up' : 'down')],
  ['status', ({ enabled }) => (enabled ? 'enabled' : 'disabled')],
  ['servers', serversOf],
];

export const presentHypervisorBrief = representation<HostRow, Brief>(BRIEF);

/** `cpu_info` is a document from 2.28 on, before that its text. Beside nova's fields it has what the host can do for guests. */
function cpuInfo({ cpu, capabilities }: HostRow): object {
  if (cpu === null) return {};
  const { arch, model, vendor, features, cores, threads, sockets } = cpu;
  return {
    arch,
    model,
    vendor,
    features,
    topology: { cores, threads, sockets },
    ...(capabilities === null ? {} : { capabilities }),
  };
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

/** Amounts are Placement's to say from 2.88 on. */
const RESOURCES_UNTIL = 87;

const amount = (name: string): Hypervisor<HypervisorViewer> => [
  name,
  (row, { loadOf }) => own(resources(row, loadOf(row)), name),
  { until: RESOURCES_UNTIL },
];

export const presentHypervisor = representation<HostRow, HypervisorViewer>([
  ...BRIEF,
  ...Object.keys(NOTHING).map(amount),
  ['host_ip', ({ hostIp }) => hostIp],
  ['hypervisor_type', ({ hypervisorType }) => hypervisorType],
  ['hypervisor_version', ({ hypervisorVersion }) => hypervisorVersion],
  ['cpu_info', (row) => (row.cpu === null ? '' : JSON.stringify(cpuInfo(row))), { until: 27 }],
  ['cpu_info', cpuInfo, { since: 28, until: RESOURCES_UNTIL }],
  ['uptime', ({ id }, { uptimes }) => uptimes?.get(id) ?? null, { since: RESOURCES_UNTIL + 1 }],
  ['service', serviceOf],
]);

function serviceOf({ number, id, name, disabledReason }: HostRow, { minor }: HypervisorViewer): unknown {
  return { id: minor < UUIDS_SINCE ? number : id, host: name, disabled_reason: disabledReason };
}

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
