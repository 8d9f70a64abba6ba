import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Put, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, commandContext, RANDOM } from '../../../../application/core';
import { TagProject } from '../../../../application/project/tag-project.handler';
import { UpdateProject } from '../../../../application/project/update-project.handler';
import { Projects } from '../../../../application/project/projects';
import type { Random } from '../../../../random';
import { FromCaller, HttpProblem, Policy, PolicyOfTarget } from '../../../http';
import { Links } from '../links';
import { isTag, TagsBody } from './project.dto';

/** The tags of a project, all at once or one by one. HEAD is answered, too: whether a tag is there. */
@Controller('v3/projects/:id/tags')
export class ProjectTagsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly links: Links,
    private readonly projects: Projects,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get()
  @PolicyOfTarget('identity:list_project_tags')
  async list(@Param('id') id: string, @FromCaller() caller: Caller, @Req() request: FastifyRequest): Promise<unknown> {
    return this.shown(id, await this.tags('identity:list_project_tags', id, caller), request);
  }

  @Put()
  @Policy('identity:update_project_tags')
  async replace(
    @Param('id') id: string,
    @Body() { tags }: TagsBody,
    @FromCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    await this.update(id, [...tags].sort(), caller);
    return this.shown(id, await this.tags('identity:update_project_tags', id, caller), request);
  }

  @Delete()
  @Policy('identity:delete_project_tags')
  @HttpCode(204)
  async clear(@Param('id') id: string, @FromCaller() caller: Caller): Promise<void> {
    await this.update(id, [], caller);
  }

  @Get(':tag')
  @PolicyOfTarget('identity:get_project_tag')
  @HttpCode(204)
  async check(@Param('id') id: string, @Param('tag') tag: string, @FromCaller() caller: Caller): Promise<void> {
    const tags = await this.tags('identity:get_project_tag', id, caller);
    if (!tags.includes(tag)) throw new HttpProblem(404, `Could not find project tag: ${tag}.`);
  }

  @Put(':tag')
  @Policy('identity:create_project_tag')
  @HttpCode(201)
  async add(
    @Param('id') id: string,
    @Param('tag') tag: string,
    @FromCaller() caller: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    if (!isTag(tag)) throw new HttpProblem(400, 'A tag is a text of 1 to 255 characters without "," and "/".');
    const context = commandContext(caller, `tag-project/${id}/${tag}`, this.random);
    await this.commands.execute(new TagProject(id, 'TagProject', tag, context));
    void reply.header('location', `${this.links.v3(request)}/projects/${id}/tags/${encodeURIComponent(tag)}`);
  }

  @Delete(':tag')
  @Policy('identity:delete_project_tag')
  @HttpCode(204)
  async remove(@Param('id') id: string, @Param('tag') tag: string, @FromCaller() caller: Caller): Promise<void> {
    const context = commandContext(caller, `untag-project/${id}/${tag}`, this.random);
    await this.commands.execute(new TagProject(id, 'UntagProject', tag, context));
  }

  private async update(id: string, tags: readonly string[], caller: Caller): Promise<void> {
    const context = commandContext(caller, `tags-of-project/${id}`, this.random);
    await this.commands.execute(new UpdateProject(id, { tags }, context));
  }

  private async tags(rule: string, id: string, caller: Caller): Promise<readonly string[]> {
    caller.rights.require(rule, { 'target.project.id': id });
    return (await this.projects.require(id)).tags;
  }

  private shown(id: string, tags: readonly string[], request: FastifyRequest): object {
    return { tags, links: { self: `${this.links.v3(request)}/projects/${id}/tags`, next: null, previous: null } };
  }
}
