import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyRequest } from 'fastify';
import { ChangePassword } from '../../../../application/user/change-password.handler';
import { CreateUser } from '../../../../application/user/create-user.handler';
import { DeleteUser } from '../../../../application/user/delete-user.handler';
import { UpdateUser } from '../../../../application/user/update-user.handler';
import { Logins } from '../../../../application/token/logins';
import { Users } from '../../../../application/user/users';
import { askingOf, Lists } from '../../../../application/lists';
import type { Random } from '../../../../random';
import { attributesOf, FromCaller, NoToken, Policy, PolicyOfTarget, Scoped } from '../../../http';
import { type Caller, commandContext, RANDOM, type RequestScope, stepOf } from '../../../../application/core';
import { Links, presentList } from '../links';
import { domainIdOf, given, refuseMove, SHOWN } from './changes';
import { projectsOf, USERS } from './identity-lists';
import { presentProject, presentUser } from './presenters';
import { CreateUserBody, PasswordChangeBody, UpdateUserBody } from './user.dto';

@Controller('v3/users')
export class UsersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly lists: Lists,
    private readonly users: Users,
    private readonly links: Links,
    private readonly logins: Logins,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get()
  @Policy('identity:list_users')
  async list(@Query() query: unknown, @FromCaller() caller: Caller, @Req() request: FastifyRequest): Promise<unknown> {
    const { rows } = await this.lists.page(USERS, askingOf(caller, query));
    const v3 = this.links.v3(request);
    const users = rows.map((user) => presentUser(user, v3));
    return presentList('users', users, this.links.list('/users', request));
  }

  @Post()
  @Policy('identity:create_user')
  async create(
    @Body() { user }: CreateUserBody,
    @FromCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    const fresh = {
      name: user.name,
      domainId: domainIdOf(user.domain_id),
      email: user.email ?? null,
      description: user.description ?? '',
      enabled: user.enabled ?? true,
      defaultProjectId: user.default_project_id ?? null,
      password: user.password ?? null,
      ...given({ attributes: attributesOf(user, SHOWN) }),
    };
    const made = await this.commands.execute(new CreateUser(fresh, commandContext(caller, 'create-user', this.random)));
    return { user: presentUser(made, this.links.v3(request)) };
  }

  @Get(':id')
  @PolicyOfTarget('identity:get_user')
  async show(@Param('id') id: string, @FromCaller() caller: Caller, @Req() request: FastifyRequest): Promise<unknown> {
    caller.rights.require('identity:get_user', { 'target.user.id': id });
    return { user: presentUser(await this.users.require(id), this.links.v3(request)) };
  }

  @Patch(':id')
  @Policy('identity:update_user')
  async update(
    @Param('id') id: string,
    @Body() { user }: UpdateUserBody,
    @FromCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    refuseMove((await this.users.require(id)).domainId, user.domain_id);
    const changes = given({
      name: user.name ?? undefined,
      email: user.email,
      description: user.description === null ? '' : user.description,
      enabled: user.enabled ?? undefined,
      defaultProjectId: user.default_project_id,
      attributes: attributesOf(user, SHOWN),
    });
    const context = commandContext(caller, 'update-user', this.random);
    const updated = await this.commands.execute(new UpdateUser(id, changes, context));
    if (typeof user.password === 'string')
      await this.commands.execute(new ChangePassword(id, user.password, stepOf(context, 'password')));
    return { user: presentUser(updated, this.links.v3(request)) };
  }

  @Delete(':id')
  @Policy('identity:delete_user')
  @HttpCode(204)
  async remove(@Param('id') id: string, @FromCaller() caller: Caller): Promise<void> {
    await this.commands.execute(new DeleteUser(id, commandContext(caller, 'delete-user', this.random)));
  }

  /** The old password is the proof: a caller who knows it needs no token, and a token does not replace it. */
  @Post(':id/password')
  @HttpCode(204)
  @NoToken()
  async changePassword(
    @Param('id') id: string,
    @Body() { user }: PasswordChangeBody,
    @Scoped() scope: RequestScope,
  ): Promise<void> {
    const proof = { kind: 'password', user: { id }, password: user.original_password } as const;
    const { principal } = await this.logins.logIn({ proofs: [proof], project: null }, scope);
    const context = commandContext({ ...scope, principal }, 'change-password', this.random);
    await this.commands.execute(new ChangePassword(id, user.password, context, principal.token.userEpoch));
  }

  @Get(':id/projects')
  @PolicyOfTarget('identity:list_user_projects')
  async projects(
    @Param('id') id: string,
    @Query() query: unknown,
    @FromCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    caller.rights.require('identity:list_user_projects', { 'target.user.id': id });
    const { rows } = await this.lists.page(projectsOf(id), askingOf(caller, query));
    const v3 = this.links.v3(request);
    const projects = rows.map((project) => presentProject(project, v3));
    return presentList('projects', projects, this.links.list(`/users/${id}/projects`, request));
  }
}
