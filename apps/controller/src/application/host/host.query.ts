import { Inject, Injectable } from '@nestjs/common';
import { HostRow, type ReadModel, ServerRow } from '@cairn/projections';
import { DomainError } from '@cairn/domain';
import { In, IsNull, Not } from 'typeorm';
import type { Executor } from '../../runtime/ports';
import { EXECUTOR, READ_MODEL } from '../core';
import { inZones } from '../host-aggregate/zones';

@Injectable()
export class HostQuery {
  constructor(
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(EXECUTOR) private readonly executor: Executor,
  ) {}

  /** By number, each in the zone that it is in now. */
  async all(): Promise<readonly HostRow[]> {
    const found = await this.readModel.read((rows) => rows.find(HostRow, { order: { number: 'ASC' } }));
    return inZones(this.executor, found);
  }

  byName(name: string): Promise<HostRow | null> {
    return this.readModel.read((rows) => rows.findOneBy(HostRow, { name }));
  }

  /** The same. @throws DomainError `host.not-found`, in nova's words. */
  async named(name: string): Promise<HostRow> {
    const row = await this.byName(name);
    if (row !== null) return row;
    throw new DomainError('not-found', 'host.not-found', `Compute host ${name} could not be found.`);
  }

  /** How many servers on each host have a task under way. */
  async workloads(): Promise<ReadonlyMap<string, number>> {
    const busy = await this.readModel.read((rows) =>
      rows.find(ServerRow, {
        select: { id: true, hostId: true },
        where: { hostId: Not(IsNull()), taskState: Not(IsNull()), deleted: false },
      }),
    );
    const counts = new Map<string, number>();
    for (const { hostId } of busy) if (hostId !== null) counts.set(hostId, (counts.get(hostId) ?? 0) + 1);
    return counts;
  }

  /** The servers on these hosts, by host. */
  async serversOn(hostIds: readonly string[]): Promise<ReadonlyMap<string, readonly ServerRow[]>> {
    if (hostIds.length === 0) return new Map();
    const found = await this.readModel.read((rows) =>
      rows.find(ServerRow, { where: { hostId: In([...hostIds]), deleted: false }, order: { number: 'ASC' } }),
    );
    const byHost = new Map<string, ServerRow[]>();
    for (const server of found)
      if (server.hostId !== null) byHost.set(server.hostId, [...(byHost.get(server.hostId) ?? []), server]);
    return byHost;
  }
}
