import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { deriveId, type ServerGroupRecord } from '@cairn/domain';
import { commandContext, RANDOM } from '../../../../application/core';
import { CreateServerGroup, DeleteServerGroup } from '../../../../application/server-group/server-group.handlers';
import { Lists } from '../../../../application/lists';
import { ServerGroupQuery, type ServerGroupView } from '../../../../application/server-group/server-group.query';
import type { Random } from '../../../../random';
import { HttpProblem, Policy, PolicyOfTarget } from '../../../http';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { isUuid } from '../shared/validators';
import { CreateServerGroupBody } from './server-group.dto';
import { SERVER_GROUPS } from './server-group-list';
import { policyOf } from './server-group-policy';
import { presentServerGroup } from './server-group.presenter';

const RULE = 'os_compute_api:os-server-groups';

@Controller(computePaths('os-server-groups'))
export class ServerGroupsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly groups: ServerGroupQuery,
    private readonly lists: Lists,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get()
  @Policy(`${RULE}:index`)
  async index(@FromCompute() request: ComputeRequest): Promise<unknown> {
    const { rows } = await this.lists.page(SERVER_GROUPS, request);
    const groups = await this.groups.withMembers(rows);
    return { server_groups: groups.map((group) => presentServerGroup(group, request)) };
  }

  @Get(':id')
  @PolicyOfTarget(`${RULE}:show`)
  async show(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    return { server_group: presentServerGroup(await this.found(id, 'show', request), request) };
  }

  @Post()
  @HttpCode(200)
  @Policy(`${RULE}:create`)
  async create(
    @Body() { server_group: asked }: CreateServerGroupBody,
    @FromCompute() { caller, projectId, userId, minor }: ComputeRequest,
  ): Promise<unknown> {
    const policy = policyOf(asked, minor);
    const context = commandContext(caller, 'create-server-group', this.random);
    const groupId = deriveId(context.commandId, 'server-group');
    const group: ServerGroupRecord = { groupId, projectId, userId, name: asked.name, ...policy };
    await this.commands.execute(new CreateServerGroup(group, context));
    return { server_group: presentServerGroup({ ...group, members: [] }, { minor }) };
  }

  @Delete(':id')
  @HttpCode(204)
  @PolicyOfTarget(`${RULE}:delete`)
  async remove(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<void> {
    const { groupId } = await this.found(id, 'delete', request);
    const context = commandContext(request.caller, `delete-server-group/${groupId}`, this.random);
    await this.commands.execute(new DeleteServerGroup(groupId, context));
  }

  /** Unlike nova, which answers 403, this does not tell callers that another project has a group of that id. */
  private async found(id: string, action: string, { rights, projectId }: ComputeRequest): Promise<ServerGroupView> {
    const group = isUuid(id) ? await this.groups.find(id.toLowerCase()) : null;
    const [rule, target] = [`${RULE}:${action}`, { project_id: group?.projectId ?? projectId }];
    const isForeign = target.project_id !== projectId && !rights.may(rule, target);
    if (group === null || isForeign)
      throw new HttpProblem(404, `Instance group ${id.slice(0, 255)} could not be found.`);
    rights.require(rule, target);
    return group;
  }
}
