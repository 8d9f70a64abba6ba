import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Put } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { DEFAULT_LIMITS } from '@cairn/domain';
import { SetQuotaLimits } from '../../../../application/quota/quota.handlers';
import { QuotaQuery } from '../../../../application/quota/quota.query';
import type { Random } from '../../../../random';
import { Policy, PolicyOfTarget } from '../../../http';
import { commandContext, RANDOM } from '../../../../application/core';
import { badRequest, notBuilt } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { lastOf } from '../shared/query-values';
import { quotaChanges } from './quota-changes';
import { quotaNames } from './quota-names';
import { presentLimits, presentQuotaClass, presentQuotaDetail, presentQuotaSet } from './quota.presenter';

const ALL_DEFAULT = Object.fromEntries(quotaNames(1).map((name) => [name, null]));

/** Users have no quotas of their own: theirs are the project's, as in nova while nobody set any. */
@Controller(computePaths('os-quota-sets/:id'))
export class QuotaSetsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly quotas: QuotaQuery,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get()
  @PolicyOfTarget('os_compute_api:os-quota-sets:show')
  async show(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    await this.requireReadable(id, request, 'show');
    return presentQuotaSet(id, (await this.quotas.of(id)).limits, request.minor);
  }

  @Get('detail')
  @PolicyOfTarget('os_compute_api:os-quota-sets:detail')
  async detail(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    await this.requireReadable(id, request, 'detail');
    const { limits, usage } = await this.quotas.of(id);
    return presentQuotaDetail(id, limits, usage, request.minor);
  }

  @Get('defaults')
  @PolicyOfTarget('os_compute_api:os-quota-sets:defaults')
  defaults(@Param('id') id: string, @FromCompute() { minor }: ComputeRequest): unknown {
    return presentQuotaSet(id, DEFAULT_LIMITS, minor);
  }

  @Put()
  @Policy('os_compute_api:os-quota-sets:update')
  async update(
    @Param('id') id: string,
    @Body() body: unknown,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    const { limits, force } = quotaChanges(body, request.minor);
    requireWholeProject(request);
    await this.requireProject(id);
    const context = commandContext(request.caller, `set-quota/${id}`, this.random);
    const now = await this.commands.execute(new SetQuotaLimits(id, limits, force, context));
    return presentQuotaSet(null, now, request.minor);
  }

  /** Back to the defaults, whatever is in use. */
  @Delete()
  @HttpCode(202)
  @Policy('os_compute_api:os-quota-sets:delete')
  async remove(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<void> {
    requireWholeProject(request);
    await this.requireProject(id);
    const context = commandContext(request.caller, `delete-quota/${id}`, this.random);
    await this.commands.execute(new SetQuotaLimits(id, ALL_DEFAULT, true, context));
  }

  private async requireReadable(id: string, { rights, projectId }: ComputeRequest, action: string): Promise<void> {
    rights.require(`os_compute_api:os-quota-sets:${action}`, { project_id: id });
    if (id !== projectId) await this.requireProject(id);
  }

  /** nova 26.1 asks Keystone and answers 400, not 404. */
  private async requireProject(id: string): Promise<void> {
    if (!(await this.quotas.exists(id))) throw badRequest(`Project ID ${id.slice(0, 255)} is not a valid project.`);
  }
}

function requireWholeProject({ query }: ComputeRequest): void {
  if (lastOf(query, 'user_id') !== undefined) throw badRequest('user_id: quotas of single users are not supported.');
}

@Controller(computePaths('os-quota-class-sets/:id'))
export class QuotaClassesController {
  @Get()
  @Policy('os_compute_api:os-quota-class-sets:show')
  show(@Param('id') id: string): unknown {
    return presentQuotaClass(id, DEFAULT_LIMITS);
  }

  @Put()
  @Policy('os_compute_api:os-quota-class-sets:update')
  update(): never {
    throw notBuilt();
  }
}

@Controller(computePaths('limits'))
export class LimitsController {
  constructor(private readonly quotas: QuotaQuery) {}

  /** Of the own project, or for administrators of the one that `tenant_id` names. */
  @Get()
  @Policy('os_compute_api:limits')
  async show(@FromCompute() { query, projectId, rights, minor }: ComputeRequest): Promise<unknown> {
    const asked = lastOf(query, 'tenant_id') ?? projectId;
    if (asked !== projectId) rights.require('os_compute_api:limits:other_project');
    const { limits, usage } = await this.quotas.of(asked);
    return presentLimits(limits, usage, minor);
  }
}
