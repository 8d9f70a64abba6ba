import type { Instant } from '@cairn/domain';
import type { ServerRow } from '@cairn/projections';
import { serverStatus } from '../servers/server-status';
import { micros, microsOrNull } from '../shared/timestamps';

const HOUR_MS = 3_600_000;

export interface Period {
  readonly from: Instant;
  readonly to: Instant;
  /** The present, up to which running servers are counted. */
  readonly now: Instant;
}

/** How long a server ran within the period, in hours. */
function hoursOf({ launchedAt, terminatedAt }: ServerRow, { from, to, now }: Period): number {
  const start = [launchedAt ?? now, from].sort().at(-1) ?? from;
  const end = [terminatedAt ?? now, to].sort().at(0) ?? to;
  return Math.max(0, Date.parse(end) - Date.parse(start)) / HOUR_MS;
}

const diskOf = ({ rootGb, ephemeralGb }: ServerRow): number => rootGb + ephemeralGb;

function presentServerUsage(row: ServerRow, period: Period): unknown {
  const ended = row.terminatedAt ?? period.now;
  return {
    instance_id: row.id,
    name: row.name,
    tenant_id: row.projectId,
    flavor: row.flavorName,
    hours: hoursOf(row, period),
    vcpus: row.vcpus,
    memory_mb: row.ramMb,
    local_gb: diskOf(row),
    started_at: microsOrNull(row.launchedAt),
    ended_at: microsOrNull(row.terminatedAt),
    uptime: Math.floor((Date.parse(ended) - Date.parse(row.launchedAt ?? ended)) / 1000),
    state: row.terminatedAt === null ? serverStatus(row.vmState, row.taskState).toLowerCase() : 'terminated',
  };
}

/** What one project used: hours, and hours times what each server has. */
export function presentUsage(
  projectId: string,
  rows: readonly ServerRow[],
  period: Period,
  detailed: boolean,
): Record<string, unknown> {
  const sum = (of: (row: ServerRow) => number): number =>
    rows.reduce((total, row) => total + hoursOf(row, period) * of(row), 0);
  return {
    tenant_id: projectId,
    start: micros(period.from),
    stop: micros(period.to),
    total_hours: sum(() => 1),
    total_vcpus_usage: sum(({ vcpus }) => vcpus),
    total_memory_mb_usage: sum(({ ramMb }) => ramMb),
    total_local_gb_usage: sum(diskOf),
    ...(detailed ? { server_usages: rows.map((row) => presentServerUsage(row, period)) } : {}),
  };
}
