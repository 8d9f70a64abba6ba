import { Controller, Get, Inject, Param } from '@nestjs/common';
import { type Instant, later } from '@cairn/domain';
import { ServerUsageQuery } from '../../../../application/server/server-usage.query';
import type { Clock } from '../../../../runtime/ports';
import { Policy, PolicyOfTarget } from '../../../http';
import { CLOCK } from '../../../../application/core';
import { badRequest } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { lastOf, type QueryParameters } from '../../../../application/lists';
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
  async index(@FromCompute() { query }: ComputeRequest): Promise<unknown> {
    const period = this.period(query);
    const rows = await this.usage.ran(period.from, period.to, null);
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
    };
  }

  /** A project that used nothing has an empty usage, as in nova. */
  @Get(':id')
  @PolicyOfTarget('os_compute_api:os-simple-tenant-usage:show')
  async show(@Param('id') id: string, @FromCompute() { query, rights }: ComputeRequest): Promise<unknown> {
    rights.require('os_compute_api:os-simple-tenant-usage:show', { project_id: id });
    const period = this.period(query);
    const rows = await this.usage.ran(period.from, period.to, id);
    return { tenant_usage: rows.length === 0 ? {} : presentUsage(id, rows, period, true) };
  }

  private period(query: QueryParameters): Period {
    const now = this.clock.now();
    const to = momentOf(query, 'end') ?? now;
    const from = momentOf(query, 'start') ?? later(to, -FOUR_WEEKS_MS);
    if (from > to) throw badRequest('Invalid start time. The start time cannot occur after the end time.');
    return { from, to, now };
  }
}

function momentOf(query: QueryParameters, name: string): Instant | undefined {
  const text = lastOf(query, name);
  if (text === undefined) return undefined;
  const moment = parseMoment(text);
  if (moment === undefined) throw badRequest('Datetime is in invalid format');
  return moment;
}
