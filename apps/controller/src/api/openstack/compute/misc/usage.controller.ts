import { Controller, Get, Inject, Param } from '@nestjs/common';
import { type Instant, later } from '@cairn/domain';
import type { ServerRow } from '@cairn/projections';
import { ServerUsageQuery } from '../../../../application/server/server-usage.query';
import type { Clock } from '../../../../runtime/ports';
import { Policy, PolicyOfTarget } from '../../../http';
import { CLOCK } from '../../../../application/core';
import { badRequest, requireKnownParameters } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import {
  everything,
  lastOf,
  type ListDefinition,
  listed,
  type Page,
  type QueryParameters,
} from '../../../../application/lists';
import { novaMarker, novaLists } from '../shared/nova-lists';
import { parseMoment } from '../shared/timestamps';
import { type Period, presentUsage } from './usage.presenter';

const FOUR_WEEKS_MS = 28 * 24 * 3_600_000;

/** What projects used, from how long their servers ran. */
@Controller(computePaths('os-simple-tenant-usage'))
export class UsageController {
  constructor(
    private readonly usage: ServerUsageQuery,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Policy('os_compute_api:os-simple-tenant-usage:list')
  async index(@FromCompute() request: ComputeRequest): Promise<unknown> {
    const { query } = request;
    requireKnownParameters(request, [...PARAMETERS, 'detailed']);
    const period = this.period(query);
    const { rows, next } = await this.page(request, await this.usage.ran(period.from, period.to, null));
    const projects = [...new Set(rows.map(({ projectId }) => projectId))];
    const detailed = lastOf(query, 'detailed') === '1';
    return {
      tenant_usages: projects.map((projectId) =>
        presentUsage(
          projectId,
          rows.filter((row) => row.projectId === projectId),
          period,
          detailed,
        ),
      ),
      ...linksOf('tenant_usages_links', 'os-simple-tenant-usage', next, request),
    };
  }

  /** A project that used nothing has an empty usage, as in nova. */
  @Get(':id')
  @PolicyOfTarget('os_compute_api:os-simple-tenant-usage:show')
  async show(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const { query, rights } = request;
    requireKnownParameters(request, PARAMETERS);
    rights.require('os_compute_api:os-simple-tenant-usage:show', { project_id: id });
    const period = this.period(query);
    const { rows, next } = await this.page(request, await this.usage.ran(period.from, period.to, id));
    return {
      tenant_usage: rows.length === 0 ? {} : presentUsage(id, rows, period, true),
      ...linksOf('tenant_usage_links', `os-simple-tenant-usage/${id}`, next, request),
    };
  }

  /** A page of the servers that ran: before 2.40 the first one, as nova answers. */
  private page(request: ComputeRequest, ran: readonly ServerRow[]): Promise<Page<ServerRow>> {
    const { query, ...asking } = request;
    const words = request.minor < PAGES_SINCE ? [] : ['limit', 'marker'];
    return listed(RAN, ran, { ...asking, query: new Map([...query].filter(([name]) => words.includes(name))) });
  }

  private period(query: QueryParameters): Period {
    const now = this.clock.now();
    const to = momentOf(query, 'end') ?? now;
    const from = momentOf(query, 'start') ?? later(to, -FOUR_WEEKS_MS);
    if (from > to) throw badRequest('Invalid start time. The start time cannot occur after the end time.');
    return { from, to, now };
  }
}

const PAGES_SINCE = 40;
const PARAMETERS = ['start', 'end', 'limit', 'marker'];

/** Servers that ran, by their projects: the order in which usage is counted page by page. */
const RAN: ListDefinition<ServerRow> = {
  api: novaLists,
  key: 'id',
  scope: everything,
  filters: {},
  sorting: {
    keys: {},
    usual: [
      { column: 'projectId', direction: 'ASC' },
      { column: 'createdAt', direction: 'ASC' },
    ],
  },
  paging: novaMarker('id'),
};

function linksOf(key: string, path: string, next: string | null, { minor, links, query }: ComputeRequest): object {
  return next === null || minor < PAGES_SINCE ? {} : { [key]: [links.next(path, query, next)] };
}

function momentOf(query: QueryParameters, name: string): Instant | undefined {
  const text = lastOf(query, name);
  if (text === undefined) return undefined;
  const moment = parseMoment(text);
  if (moment === undefined) throw badRequest('Datetime is in invalid format');
  return moment;
}
