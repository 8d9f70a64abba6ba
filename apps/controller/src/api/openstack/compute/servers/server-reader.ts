import { Injectable } from '@nestjs/common';
import type { ServerRow } from '@cairn/projections';
import { serverNotFound } from '../../../../application/server/own-server';
import { ServerWrites } from '../../../../application/server/server-writes';
import { UserDataQuery } from '../../../../application/server/user-data.query';
import { ServerHistoryQuery } from '../../../../application/server/server-history.query';
import { ServerQuery } from '../../../../application/server/server.query';
import { ServerGroupQuery } from '../../../../application/server-group/server-group.query';
import type { TableList } from '../../../../application/lists';
import { type ComputeRequest, scopeOf } from '../shared/compute-request';
import { serverList } from './server-list';
import type { OneServerViewer, ServerViewer } from './server.presenter';

/** First microversion that shows extended attributes, user data among them. */
const USER_DATA_SINCE = 3;
/** First microversion whose servers show their flavors. */
const FLAVORS_SINCE = 47;
/** First microversion whose servers show their groups. */
const GROUPS_SINCE = 71;

const LISTS = { index: serverList('index'), detail: serverList('detail') };

/** Servers as a caller may see them, with what presenting them takes. */
@Injectable()
export class ServerReader {
  constructor(
    private readonly servers: ServerQuery,
    private readonly history: ServerHistoryQuery,
    private readonly writes: ServerWrites,
    private readonly userData: UserDataQuery,
    private readonly groups: ServerGroupQuery,
  ) {}

  /**
   * The server, from its row, or from the log where the row may lag behind acknowledged changes.
   * @throws DomainError `not-found`, also for a server of another tenant and for a deleted one.
   */
  async one(id: string, request: ComputeRequest): Promise<ServerRow> {
    const row = await this.any(id, request);
    if (row.deleted) throw serverNotFound(id);
    return row;
  }

  /** Like `one`, also for a deleted server. */
  async any(id: string, request: ComputeRequest): Promise<ServerRow> {
    const stored = this.writes.isAhead(id) ? null : await this.servers.find(id);
    const row = stored ?? (await this.history.row(id));
    const scope = scopeOf(request);
    if (row === null || (scope !== null && row.projectId !== scope)) throw serverNotFound(id);
    return row;
  }

  /** The definition of a list of servers, with what its filters need to know besides the rows. */
  async list(action: 'index' | 'detail', { query }: ComputeRequest): Promise<TableList<ServerRow>> {
    return query.has('availability_zone') ? serverList(action, await this.servers.zones()) : LISTS[action];
  }

  /** What the presenter of one server needs besides its row. */
  async viewerOf(row: ServerRow, request: ComputeRequest): Promise<OneServerViewer> {
    const [viewer, groups] = await Promise.all([
      this.viewer([row], request),
      request.minor >= GROUPS_SINCE ? this.groups.groupsOf(row.id) : [],
    ]);
    return { ...viewer, groups };
  }

  /** What the presenter of a list needs besides the rows: one query for all of them. */
  async viewer(rows: readonly ServerRow[], { links, minor, rights }: ComputeRequest): Promise<ServerViewer> {
    const admin = rights.may('os_compute_api:os-extended-server-attributes');
    const [hosts, userData] = await Promise.all([
      this.servers.hostsOf(rows),
      admin && minor >= USER_DATA_SINCE
        ? this.userData.of(rows.filter(({ hasUserData }) => hasUserData).map(({ id }) => id))
        : new Map<string, string>(),
    ]);
    const extraSpecs = minor >= FLAVORS_SINCE && rights.may('os_compute_api:os-flavor-extra-specs:index');
    return { links, minor, admin, hosts, userData, extraSpecs };
  }
}
