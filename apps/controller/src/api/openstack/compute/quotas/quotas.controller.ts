import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Put } from '@nestjs/common';
import { DEFAULT_LIMITS, own, QUOTA_CLASS, type StreamOf, streamRef } from '@cairn/domain';
import { type ProjectQuota, QuotaQuery } from '../../../../application/quota/quota.query';
import type { ControllerConfig } from '../../../../config';
import type { Random } from '../../../../random';
import { isObject, Policy, PolicyOfTarget } from '../../../http';
import { commandContext, CONFIG, RANDOM, Writes } from '../../../../application/core';
import { badRequest, requireKnownParameters } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { lastOf } from '../../../../application/lists';
import { quotaChanges } from './quota-changes';
import { quotaClassNames, quotaNames } from './quota-names';
import { presentLimits, presentQuotaClass, presentQuotaDetail, presentQuotaSet } from './quota.presenter';

type Settings = Pick<ControllerConfig, 'enableNetworkQuota'>;
type LimitChanges = Readonly<Record<string, number | null>>;

const DEFAULT_CLASS = 'default';
const QUOTA_PARAMETERS = ['user_id'];

const quotaOf = (projectId: string): StreamOf<'quota'> => streamRef('quota', projectId);

const ALL_DEFAULT = Object.fromEntries(quotaNames(1, true).map((name) => [name, null]));

/** Of a project, or by `user_id` of one of its users, whose limits are the project's until others are set. */
@Controller(computePaths('os-quota-sets/:id'))
export class QuotaSetsController {
  constructor(
    private readonly writes: Writes,
    private readonly quotas: QuotaQuery,
    @Inject(RANDOM) private readonly random: Random,
    @Inject(CONFIG) private readonly config: Settings,
  ) {}

  @Get()
  @PolicyOfTarget('os_compute_api:os-quota-sets:show')
  async show(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    requireKnownParameters(request, QUOTA_PARAMETERS);
    await this.requireReadable(id, request, 'show');
    return presentQuotaSet(id, (await this.asked(id, request)).limits, this.names(request.minor));
  }

  @Get('detail')
  @PolicyOfTarget('os_compute_api:os-quota-sets:detail')
  async detail(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    requireKnownParameters(request, QUOTA_PARAMETERS);
    await this.requireReadable(id, request, 'detail');
    const { limits, usage } = await this.asked(id, request);
    return presentQuotaDetail(id, limits, usage, this.names(request.minor));
  }

  @Get('defaults')
  @Policy('os_compute_api:os-quota-sets:defaults')
  async defaults(@Param('id') id: string, @FromCompute() { minor }: ComputeRequest): Promise<unknown> {
    return presentQuotaSet(id, await this.quotas.defaults(), this.names(minor));
  }

  @Put()
  @Policy('os_compute_api:os-quota-sets:update')
  async update(
    @Param('id') id: string,
    @Body() body: unknown,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    const { limits, force } = quotaChanges(body, 'quota_set', this.namesIn(body, request.minor));
    requireKnownParameters(request, QUOTA_PARAMETERS);
    await this.requireProject(id);
    await this.setLimits(id, userOf(request), limits, force, request);
    return presentQuotaSet(null, (await this.asked(id, request)).limits, this.names(request.minor));
  }

  /** Back to the defaults, even below current usage: of the project and all its users, or of one user. */
  @Delete()
  @HttpCode(202)
  @Policy('os_compute_api:os-quota-sets:delete')
  async remove(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<void> {
    requireKnownParameters(request, QUOTA_PARAMETERS);
    await this.requireProject(id);
    const asked = userOf(request);
    for (const [userId, overrides] of await this.quotas.limitedUsers(id)) {
      const none = Object.fromEntries(Object.keys(overrides).map((name) => [name, null]));
      if (asked === undefined || asked === userId) await this.setLimits(id, userId, none, true, request);
    }
    if (asked === undefined) await this.setLimits(id, undefined, ALL_DEFAULT, true, request);
  }

  /** What a body may name. @throws HttpProblem 400 for networks where they have no quota, as nova. */
  private namesIn(body: unknown, minor: number): readonly string[] {
    const names = this.names(minor);
    const set = isObject(body) ? own(body, 'quota_set') : undefined;
    const isDisabled = quotaNames(minor, true).includes('networks') && !names.includes('networks');
    if (isDisabled && isObject(set) && own(set, 'networks') !== undefined)
      throw badRequest('The networks quota is disabled');
    return names;
  }

  /** What its quotas speak of. */
  private names(minor: number): readonly string[] {
    return quotaNames(minor, this.config.enableNetworkQuota);
  }

  /** The quota that a request speaks of. */
  private asked(id: string, request: ComputeRequest): Promise<ProjectQuota> {
    const userId = userOf(request);
    return userId === undefined ? this.quotas.of(id) : this.quotas.ofUser(id, userId);
  }

  /** @param userId undefined for the project as a whole */
  private async setLimits(
    id: string,
    userId: string | undefined,
    limits: LimitChanges,
    force: boolean,
    { caller }: ComputeRequest,
  ): Promise<void> {
    const context = commandContext(caller, `set-quota/${id}/${userId ?? ''}`, this.random);
    const command =
      userId === undefined
        ? ({ type: 'SetQuotaLimits', data: { limits, force } } as const)
        : ({
            type: 'SetUserQuotaLimits',
            data: { userId, limits, force, classLimits: await this.quotas.classLimitsNow() },
          } as const);
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

/** The first value that says something; any text, for nova does not ask Keystone who that is. */
const userOf = ({ query }: ComputeRequest): string | undefined =>
  query
    .get('user_id')
    ?.find((userId) => userId !== '')
    ?.slice(0, 255);

/** Every project is in the class `default`, whose limits are those of projects that have none of their own. */
@Controller(computePaths('os-quota-class-sets/:id'))
export class QuotaClassesController {
  constructor(
    private readonly writes: Writes,
    private readonly quotas: QuotaQuery,
    @Inject(RANDOM) private readonly random: Random,
    @Inject(CONFIG) private readonly config: Settings,
  ) {}

  @Get()
  @Policy('os_compute_api:os-quota-class-sets:show')
  async show(@Param('id') id: string, @FromCompute() { minor }: ComputeRequest): Promise<unknown> {
    const limits = id === DEFAULT_CLASS ? await this.quotas.defaults() : DEFAULT_LIMITS;
    return presentQuotaClass(id, limits, this.names(minor));
  }

  @Put()
  @Policy('os_compute_api:os-quota-class-sets:update')
  async update(
    @Param('id') id: string,
    @Body() body: unknown,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    if (id !== DEFAULT_CLASS) throw badRequest(`No project is in the quota class ${id.slice(0, 255)}.`);
    const names = this.names(request.minor);
    const { limits } = quotaChanges(body, 'quota_class_set', names);
    const context = commandContext(request.caller, 'set-quota-class', this.random);
    const command = { type: 'SetQuotaLimits', data: { limits, force: true } } as const;
    await this.writes.execute(QUOTA_CLASS, command, context);
    return presentQuotaClass(null, await this.quotas.defaults(), names);
  }

  private names(minor: number): readonly string[] {
    return quotaClassNames(minor, this.config.enableNetworkQuota);
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
