import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyRequest } from 'fastify';
import { CreateProject } from '../../../../application/project/create-project.handler';
import { DeleteProject } from '../../../../application/project/delete-project.handler';
import { UpdateProject } from '../../../../application/project/update-project.handler';
import { Projects } from '../../../../application/project/projects';
import { askingOf, Lists } from '../../../../application/lists';
import type { Random } from '../../../../random';
import { attributesOf, FromCaller, HttpProblem, Policy, PolicyOfTarget } from '../../../http';
import { type Caller, commandContext, RANDOM } from '../../../../application/core';
import { Links, presentList } from '../links';
import { domainIdOf, given, refuseMove, SHOWN } from './changes';
import { PROJECTS } from './identity-lists';
import { presentProject } from './presenters';
import { CreateProjectBody, UpdateProjectBody } from './project.dto';

const tagsOf = (tags: readonly string[] | null | undefined): readonly string[] | undefined =>
  tags === null || tags === undefined ? undefined : [...tags].sort();

@Controller('v3/projects')
export class ProjectsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly lists: Lists,
    private readonly projects: Projects,
    private readonly links: Links,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get()
  @Policy('identity:list_projects')
  async list(@Query() query: unknown, @FromCaller() caller: Caller, @Req() request: FastifyRequest): Promise<unknown> {
    const { rows } = await this.lists.page(PROJECTS, askingOf(caller, query));
    const v3 = this.links.v3(request);
    const projects = rows.map((project) => presentProject(project, v3));
    return presentList('projects', projects, this.links.list('/projects', request));
  }

  @Post()
  @Policy('identity:create_project')
  async create(
    @Body() { project }: CreateProjectBody,
    @FromCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    const domainId = domainIdOf(project.domain_id);
    if ((project.parent_id ?? domainId) !== domainId)
      throw new HttpProblem(
        400,
        `Invalid input for field/attribute parent_id. Projects have no parent but their domain.`,
      );
    const fresh = {
      name: project.name,
      domainId,
      description: project.description ?? '',
      enabled: project.enabled ?? true,
      ...given({ tags: tagsOf(project.tags), attributes: attributesOf(project, SHOWN) }),
    };
    const context = commandContext(caller, 'create-project', this.random);
    const made = await this.commands.execute(new CreateProject(fresh, context));
    return { project: presentProject(made, this.links.v3(request)) };
  }

  @Get(':id')
  @PolicyOfTarget('identity:get_project')
  async show(@Param('id') id: string, @FromCaller() caller: Caller, @Req() request: FastifyRequest): Promise<unknown> {
    const { actor } = caller.principal;
    const hasRole = actor.projectId === id || (await this.projects.rolesOf(id, actor.userId)).length > 0;
    caller.rights.require('identity:get_project', { 'target.project.id': id, 'target.project.has_role': hasRole });
    return { project: presentProject(await this.projects.require(id), this.links.v3(request)) };
  }

  @Patch(':id')
  @Policy('identity:update_project')
  async update(
    @Param('id') id: string,
    @Body() { project }: UpdateProjectBody,
    @FromCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    const { domainId } = await this.projects.require(id);
    refuseMove(domainId, project.domain_id);
    refuseMove(domainId, project.parent_id);
    const changes = given({
      name: project.name ?? undefined,
      description: project.description === null ? '' : project.description,
      enabled: project.enabled ?? undefined,
      tags: tagsOf(project.tags),
      attributes: attributesOf(project, SHOWN),
    });
    const context = commandContext(caller, 'update-project', this.random);
    const updated = await this.commands.execute(new UpdateProject(id, changes, context));
    return { project: presentProject(updated, this.links.v3(request)) };
  }

  @Delete(':id')
  @Policy('identity:delete_project')
  @HttpCode(204)
  async remove(@Param('id') id: string, @FromCaller() caller: Caller): Promise<void> {
    await this.commands.execute(new DeleteProject(id, commandContext(caller, 'delete-project', this.random)));
  }
}
