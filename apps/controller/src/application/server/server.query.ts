import { Inject, Injectable } from '@nestjs/common';
import { HostRow, type ReadModel, ServerRow } from '@cairn/projections';
import type { Executor } from '../../runtime/ports';
import { EXECUTOR, READ_MODEL } from '../core';
import { inZones } from '../host-aggregate/zones';
import { everything, Lists, oneOf } from '../lists';

/** Servers as rows, for the presenters of all façades. */
@Injectable()
export class ServerQuery {
  constructor(
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly lists: Lists,
  ) {}

  /** Returns a deleted server, too; the caller decides who may see it. */
  async find(id: string): Promise<ServerRow | null> {
    const [row = null] = await this.readModel.rowsWith(ServerRow, { id });
    return row;
  }

  /** Which zone each host is in now, by the host's id. */
  async zones(): Promise<ReadonlyMap<string, string>> {
    const hosts = await inZones(this.executor, await this.lists.rows(HostRow, everything()));
    return new Map(hosts.map(({ id, availabilityZone }) => [id, availabilityZone]));
  }

  /** The hosts that these servers are on, by id, each in the zone that it is in now. */
  async hostsOf(servers: readonly ServerRow[]): Promise<ReadonlyMap<string, HostRow>> {
    const ids = [...new Set(servers.map(({ hostId }) => hostId).filter((id) => id !== null))];
    const [id, ...others] = ids;
    if (id === undefined) return new Map();
    const hosts =
      others.length === 0
        ? await this.readModel.rowsWith(HostRow, { id })
        : await this.lists.rows(HostRow, oneOf('id', ids));
    return new Map((await inZones(this.executor, hosts)).map((host) => [host.id, host]));
  }
}
