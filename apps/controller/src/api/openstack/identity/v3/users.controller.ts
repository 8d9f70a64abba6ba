import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyRequest } from 'fastify';
import { ChangePassword } from '../../../../application/user/change-password.handler';
import { CreateUser } from '../../../../application/user/create-user.handler';
import { DeleteUser } from '../../../../application/user/delete-user.handler';
import { UpdateUser } from '../../../../application/user/update-user.handler';
import { Logins } from '../../../../application/token/logins';
import { Users } from '../../../../application/user/users';
import { FindProjects } from '../../../../application/project/project.query';
import { FindUsers } from '../../../../application/user/user.query';
import type { Random } from '../../../../random';
import { attributesOf, FromCaller, NoToken, Policy, PolicyOfTarget, Scoped } from '../../../http';
import { type Caller, commandContext, RANDOM, type RequestScope, stepOf } from '../../../../application/core';
import { Links, listed } from '../links';
import { domainIdOf, given, refuseMove, SHOWN } from './changes';
import { flagOf, ListQuery } from './list.dto';
import { presentProject, presentUser } from './presenters';
import { CreateUserBody, PasswordChangeBody, UpdateUserBody } from './user.dto';

@Controller('v3/users')
export class UsersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly users: Users,
    private readonly links: Links,
    private readonly logins: Logins,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get()
  @Policy('identity:list_users')
  async list(@Query() query: ListQuery, @Req() request: FastifyRequest): Promise<unknown> {
    const v3 = this.links.v3(request);
    const filter = { name: query.name, domainId: query.domain_id, enabled: flagOf(query.enabled) };
    const users = await this.queries.execute(new FindUsers(filter));
    return listed(
      'users',
      users.map((user) => presentUser(user, v3)),
      `${v3}/users`,
    );
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
    await this.commands.execute(new ChangePassword(id, user.password, context));
  }

  @Get(':id/projects')
  @PolicyOfTarget('identity:list_user_projects')
  async projects(
    @Param('id') id: string,
    @Query() query: ListQuery,
    @FromCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    caller.rights.require('identity:list_user_projects', { 'target.user.id': id });
    const { name, domain_id: domainId, enabled } = query;
    const found = await this.queries.execute(
      new FindProjects({ userId: id, name, domainId, enabled: flagOf(enabled) }),
    );
    const v3 = this.links.v3(request);
    return listed(
      'projects',
      found.map((project) => presentProject(project, v3)),
      `${v3}/users/${id}/projects`,
    );
  }
}
