import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { groupNotFound } from '@cairn/domain';
import { commandContext, RANDOM, Writes } from '../../../../application/core';
import { Lists } from '../../../../application/lists';
import { groupsOfProject } from '../../../../application/security-group/default-group';
import { SecurityGroupService, type SecurityGroupView } from '../../../../application/security-group/security-groups';
import type { Random } from '../../../../random';
import { Policy } from '../../../http';
import { computePaths, type ComputeRequest, FromCompute, scopeOf } from '../shared/compute-request';
import { LAST_PROXY, Until } from '../shared/compute-request.guard';
import { fieldsOf, numberOf, propertyOf } from './bodies';
import { SECURITY_GROUPS } from './security-group-list';
import { presentGroup } from './security-group.presenter';

const RULE = 'os_compute_api:os-security-groups';

@Controller(computePaths('os-security-groups'))
@Until(LAST_PROXY)
export class SecurityGroupsController {
  constructor(
    private readonly groups: SecurityGroupService,
    private readonly lists: Lists,
    private readonly writes: Writes,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  /** A project's first look makes its default group. */
  @Get()
  @Policy(`${RULE}:get`)
  async index(@FromCompute() request: ComputeRequest): Promise<unknown> {
    await this.ensureDefault(request);
    const { rows } = await this.lists.page(SECURITY_GROUPS, request);
    return { security_groups: (await this.groups.withRules(rows)).map(presentGroup) };
  }

  @Get(':id')
  @Policy(`${RULE}:show`)
  async show(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    return { security_group: presentGroup(await this.found(id, request)) };
  }

  @Post()
  @HttpCode(200)
  @Policy(`${RULE}:create`)
  async create(@Body() body: unknown, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const fields = fieldsOf(body, 'security_group');
    const asked = { name: propertyOf(fields, 'name'), description: propertyOf(fields, 'description') };
    const context = commandContext(request.caller, 'create-security-group', this.random);
    return { security_group: presentGroup(await this.groups.create(request.projectId, asked, context)) };
  }

  @Put(':id')
  @Policy(`${RULE}:update`)
  async update(
    @Param('id') id: string,
    @Body() body: unknown,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    const group = await this.found(id, request);
    const fields = fieldsOf(body, 'security_group');
    const changes = { name: propertyOf(fields, 'name'), description: propertyOf(fields, 'description') };
    const command = { type: 'UpdateSecurityGroup', data: { groupId: group.id, ...changes } } as const;
    const context = commandContext(request.caller, `update-security-group/${id}`, this.random);
    await this.writes.execute(groupsOfProject(group.projectId), command, context);
    return { security_group: presentGroup({ ...group, ...changes }) };
  }

  @Delete(':id')
  @HttpCode(202)
  @Policy(`${RULE}:delete`)
  async remove(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<void> {
    const { id: groupId, projectId } = await this.found(id, request);
    const context = commandContext(request.caller, `delete-security-group/${id}`, this.random);
    const command = { type: 'DeleteSecurityGroup', data: { groupId } } as const;
    await this.writes.execute(groupsOfProject(projectId), command, context);
  }

  private ensureDefault({ caller, projectId }: ComputeRequest): Promise<void> {
    return this.groups.ensureDefault(projectId, commandContext(caller, 'default-security-group', this.random));
  }

  private async found(id: string, request: ComputeRequest): Promise<SecurityGroupView> {
    const group = await this.groups.find(numberOf(id, 'Security group'), scopeOf(request));
    if (group === null) throw groupNotFound(id.slice(0, 255));
    return group;
  }
}
