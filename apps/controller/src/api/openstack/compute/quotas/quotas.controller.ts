import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Put } from '@nestjs/common';
import { DEFAULT_LIMITS, QUOTA_CLASS, type StreamOf, streamRef } from '@cairn/domain';
import { QuotaQuery } from '../../../../application/quota/quota.query';
import type { Random } from '../../../../random';
import { Policy, PolicyOfTarget } from '../../../http';
import { commandContext, RANDOM, Writes } from '../../../../application/core';
import { badRequest, requireKnownParameters } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { lastOf } from '../../../../application/lists';
import { quotaChanges } from './quota-changes';
import { quotaClassNames, quotaNames } from './quota-names';
import { presentLimits, presentQuotaClass, presentQuotaDetail, presentQuotaSet } from './quota.presenter';

const DEFAULT_CLASS = 'default';
const QUOTA_PARAMETERS = ['user_id'];

const quotaOf = (projectId: string): StreamOf<'quota'> => streamRef('quota', projectId);

const ALL_DEFAULT = Object.fromEntries(quotaNames(1).map((name) => [name, null]));

/** Users have no quotas of their own: theirs are the project's, as in nova while nobody set any. */
@Controller(computePaths('os-quota-sets/:id'))
export class QuotaSetsController {
  constructor(
    private readonly writes: Writes,
    private readonly quotas: QuotaQuery,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get()
  @PolicyOfTarget('os_compute_api:os-quota-sets:show')
  async show(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    requireKnownParameters(request, QUOTA_PARAMETERS);
    await this.requireReadable(id, request, 'show');
    return presentQuotaSet(id, (await this.quotas.of(id)).limits, request.minor);
  }

  @Get('detail')
  @PolicyOfTarget('os_compute_api:os-quota-sets:detail')
  async detail(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    requireKnownParameters(request, QUOTA_PARAMETERS);
    await this.requireReadable(id, request, 'detail');
    const { limits, usage } = await this.quotas.of(id);
    return presentQuotaDetail(id, limits, usage, request.minor);
  }

  @Get('defaults')
  @Policy('os_compute_api:os-quota-sets:defaults')
  async defaults(@Param('id') id: string, @FromCompute() { minor }: ComputeRequest): Promise<unknown> {
    return presentQuotaSet(id, await this.quotas.defaults(), minor);
  }

  @Put()
  @Policy('os_compute_api:os-quota-sets:update')
  async update(
    @Param('id') id: string,
    @Body() body: unknown,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    const { limits, force } = quotaChanges(body, 'quota_set', quotaNames(request.minor));
    requireWholeProject(request);
    await this.requireProject(id);
    const context = commandContext(request.caller, `set-quota/${id}`, this.random);
    await this.writes.execute(quotaOf(id), { type: 'SetQuotaLimits', data: { limits, force } }, context);
    return presentQuotaSet(null, (await this.quotas.of(id)).limits, request.minor);
  }

  /** Back to the defaults, even below current usage. */
  @Delete()
  @HttpCode(202)
  @Policy('os_compute_api:os-quota-sets:delete')
  async remove(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<void> {
    requireWholeProject(request);
    await this.requireProject(id);
    const context = commandContext(request.caller, `delete-quota/${id}`, this.random);
    const command = { type: 'SetQuotaLimits', data: { limits: ALL_DEFAULT, force: true } } as const;
    await this.writes.execute(quotaOf(id), command, context);
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

function requireWholeProject(request: ComputeRequest): void {
  const { query } = request;
  requireKnownParameters(request, QUOTA_PARAMETERS);
  if (lastOf(query, 'user_id') !== undefined) throw badRequest('user_id: quotas of single users are not supported.');
}

/** Every project is in the class `default`, whose limits are those of projects that have none of their own. */
@Controller(computePaths('os-quota-class-sets/:id'))
export class QuotaClassesController {
  constructor(
    private readonly writes: Writes,
    private readonly quotas: QuotaQuery,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get()
  @Policy('os_compute_api:os-quota-class-sets:show')
  async show(@Param('id') id: string, @FromCompute() { minor }: ComputeRequest): Promise<unknown> {
    return presentQuotaClass(id, id === DEFAULT_CLASS ? await this.quotas.defaults() : DEFAULT_LIMITS, minor);
  }

  @Put()
  @Policy('os_compute_api:os-quota-class-sets:update')
  async update(
    @Param('id') id: string,
    @Body() body: unknown,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    if (id !== DEFAULT_CLASS) throw badRequest(`No project is in the quota class ${id.slice(0, 255)}.`);
    const { limits } = quotaChanges(body, 'quota_class_set', quotaClassNames(request.minor));
    const context = commandContext(request.caller, 'set-quota-class', this.random);
    const command = { type: 'SetQuotaLimits', data: { limits, force: true } } as const;
    await this.writes.execute(QUOTA_CLASS, command, context);
    return presentQuotaClass(null, await this.quotas.defaults(), request.minor);
  }
}

@Controller(computePaths('limits'))
export class LimitsController {
  constructor(private readonly quotas: QuotaQuery) {}

  /** Of the own project, or for administrators of the one that `tenant_id` names. */
  @Get()
  @Policy('os_compute_api:limits')
  async show(@FromCompute() request: ComputeRequest): Promise<unknown> {
    const { query, projectId, rights, minor } = request;
    requireKnownParameters(request, ['tenant_id', 'reserved']);
    const asked = lastOf(query, 'tenant_id') ?? projectId;
    if (asked !== projectId) rights.require('os_compute_api:limits:other_project');
    const { limits, usage } = await this.quotas.of(asked);
    return presentLimits(limits, usage, minor);
  }
}
