import { Controller, Get, Inject, Param } from '@nestjs/common';
import { CLOCK } from '../../../../application/core';
import { HostQuery } from '../../../../application/host/host.query';
import type { Clock } from '../../../../runtime/ports';
import { Policy } from '../../../http';
import { badRequest } from '../shared/additional';
import { computePaths } from '../shared/compute-request';
import { auditPeriodBefore, presentAudits, readMoment } from './usage-audit';

const RULE = 'os_compute_api:os-instance-usage-audit-log';

/**
 * How far hosts have got with counting the usage of a month. Here none has to, as with nova's default
 * `instance_usage_audit = False`: usage follows from the log at any time.
 */
@Controller(computePaths('os-instance_usage_audit_log'))
export class UsageAuditController {
  constructor(
    private readonly hosts: HostQuery,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Policy(`${RULE}:list`)
  async index(): Promise<unknown> {
    return { instance_usage_audit_logs: await this.before(this.clock.now()) };
  }

  /** The last period that ended before a moment. */
  @Get(':before')
  @Policy(`${RULE}:show`)
  async show(@Param('before') before: string): Promise<unknown> {
    const moment = readMoment(before);
    if (moment === undefined) throw badRequest(`Invalid timestamp for date ${before.slice(0, 255)}`);
    return { instance_usage_audit_log: await this.before(moment) };
  }

  private async before(moment: string): Promise<unknown> {
    const hosts = await this.hosts.all();
    return presentAudits(
      auditPeriodBefore(moment),
      hosts.map(({ name }) => name),
    );
  }
}
