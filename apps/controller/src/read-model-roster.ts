import type { TaskState, VmState } from '@cairn/domain';
import { HostRow, type ReadModel, ServerRow } from '@cairn/projections';

import type { Clock } from './runtime/ports';
import type { HostLoad } from './scheduler/host-view';
import type { HostRoster } from './scheduler/scheduler';

/** People enrol hosts, so the list changes seldom: launches may use it for this long without asking again. */
const TRUST_MS = 1_000;

/** Tasks that read or write much on a host, as nova counts them. */
const IO_TASKS: readonly TaskState[] = [
  'resize_migrating',
  'rebuilding',
  'resize_prep',
  'image_snapshot',
  'image_backup',
  'unshelving',
  'rescuing',
];

interface Remembered<T> {
  readonly value: T;
  readonly until: number;
}

/** The enrolled hosts and their servers, as the read model showed them a moment ago. */
export class ReadModelRoster implements HostRoster {
  private ids: Remembered<readonly string[]> | undefined;
  private servers: Remembered<ReadonlyMap<string, HostLoad>> | undefined;

  constructor(
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
  ) {}

  async hostIds(): Promise<readonly string[]> {
    const now = Date.parse(this.clock.now());
    if (this.ids !== undefined && now < this.ids.until) return this.ids.value;
    const rows = await this.readModel.read((manager) =>
      manager.find(HostRow, { select: { id: true }, order: { id: 'ASC' } }),
    );
    const value = rows.map(({ id }) => id);
    this.ids = { value, until: value.length === 0 ? now : now + TRUST_MS };
    return value;
  }

  async loads(): Promise<ReadonlyMap<string, HostLoad>> {
    const now = Date.parse(this.clock.now());
    if (this.servers !== undefined && now < this.servers.until) return this.servers.value;
    const rows = await this.readModel.read((manager) =>
      manager
        .createQueryBuilder(ServerRow, 'server')
        .select(['server.hostId AS host', 'server.flavorName AS flavor'])
        .addSelect(['server.vmState AS state', 'server.taskState AS task', 'COUNT(*) AS servers'])
        .where('server.deleted = :deleted AND server.hostId IS NOT NULL', { deleted: false })
        .groupBy('server.hostId, server.flavorName, server.vmState, server.taskState')
        .getRawMany<Counted>(),
    );
    const value = loadsOf(rows);
    this.servers = { value, until: now + TRUST_MS };
    return value;
  }
}

/** Servers of one host that are alike. */
interface Counted {
  readonly host: string;
  readonly flavor: string;
  readonly state: VmState;
  readonly task: TaskState | null;
  /** PostgreSQL's count is a text. */
  readonly servers: number | string;
}

function loadsOf(rows: readonly Counted[]): ReadonlyMap<string, HostLoad> {
  const loads = new Map<string, { ioOps: number; flavors: Set<string> }>();
  for (const { host, flavor, state, task, servers } of rows) {
    const load = loads.get(host) ?? { ioOps: 0, flavors: new Set() };
    const isBusy = state === 'building' || (task !== null && IO_TASKS.includes(task));
    if (isBusy) load.ioOps += Number(servers);
    load.flavors.add(flavor);
    loads.set(host, load);
  }
  return loads;
}
