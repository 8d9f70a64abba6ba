import type { HostRow, ServerRow } from '@cairn/projections';

interface Amounts {
  readonly cpu: number;
  readonly memory_mb: number;
  readonly disk_gb: number;
}

type OnHost = Pick<ServerRow, 'projectId' | 'vcpus' | 'ramMb' | 'rootGb' | 'ephemeralGb'>;

const sumOf = (servers: readonly OnHost[]): Amounts => ({
  cpu: servers.reduce((sum, { vcpus }) => sum + vcpus, 0),
  memory_mb: servers.reduce((sum, { ramMb }) => sum + ramMb, 0),
  disk_gb: servers.reduce((sum, { rootGb, ephemeralGb }) => sum + rootGb + ephemeralGb, 0),
});

/** `GET os-hosts/{name}`: what there is, what is claimed, what the servers may use at most, and that of each project. */
export function presentHostResources(row: HostRow, servers: readonly OnHost[]): readonly unknown[] {
  const of = (project: string, amounts: Amounts): unknown => ({ resource: { host: row.name, project, ...amounts } });
  const byProject = [...Map.groupBy(servers, ({ projectId }) => projectId)];
  return [
    of('(total)', { cpu: row.vcpus ?? 0, memory_mb: row.ramMb ?? 0, disk_gb: row.diskGb ?? 0 }),
    of('(used_now)', { cpu: row.usedVcpus, memory_mb: row.usedRamMb, disk_gb: row.usedDiskGb }),
    of('(used_max)', sumOf(servers)),
    ...byProject.map(([projectId, own]) => of(projectId, sumOf(own))),
  ];
}
