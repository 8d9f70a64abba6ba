import { Controller, Delete, Get, HttpCode, Inject, Param, Put, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Role, roleById, ROLES } from '../../../../identity/roles';
import { Projects, projectStream } from '../../../../application/project/projects';
import { Users } from '../../../../application/user/users';
import type { Random } from '../../../../random';
import { Policy, FromCaller, HttpProblem } from '../../../http';
import { type Caller, commandContext, RANDOM, Writes } from '../../../../application/core';
import { Links, presentList } from '../links';
import { presentRole } from './presenters';

/** @throws HttpProblem 404. */
export function requireRole(id: string): Role {
  const role = roleById(id);
  if (role === undefined) throw new HttpProblem(404, `Could not find role: ${id}.`);
  return role;
}

/** The roles of users in projects. */
@Controller('v3/projects/:projectId/users/:userId/roles')
export class GrantsController {
  constructor(
    private readonly writes: Writes,
    private readonly projects: Projects,
    private readonly users: Users,
    private readonly links: Links,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get()
  @Policy('identity:list_grants')
  async list(
    @Param('projectId') projectId: string,
    @Param('userId') userId: string,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    const names = await this.granted(projectId, userId);
    const v3 = this.links.v3(request);
    const roles = ROLES.filter(({ name }) => names.includes(name)).map((role) => presentRole(role, v3));
    return presentList('roles', roles, this.links.list(`/projects/${projectId}/users/${userId}/roles`, request));
  }

  /** Answers HEAD, too. */
  @Get(':roleId')
  @Policy('identity:check_grant')
  @HttpCode(204)
  async check(
    @Param('projectId') projectId: string,
    @Param('userId') userId: string,
    @Param('roleId') roleId: string,
  ): Promise<void> {
    const { name } = requireRole(roleId);
    if (!(await this.granted(projectId, userId)).includes(name)) throw noGrant(roleId, userId, projectId);
  }

  @Put(':roleId')
  @Policy('identity:create_grant')
  @HttpCode(204)
  async grant(
    @Param('projectId') projectId: string,
    @Param('userId') userId: string,
    @Param('roleId') roleId: string,
    @FromCaller() caller: Caller,
  ): Promise<void> {
    const { name: role } = requireRole(roleId);
    await this.projects.require(projectId);
    await this.users.require(userId);
    const context = commandContext(caller, 'grant-role', this.random);
    await this.writes.execute(projectStream(projectId), { type: 'GrantRole', data: { userId, role } }, context);
  }

  @Delete(':roleId')
  @Policy('identity:revoke_grant')
  @HttpCode(204)
  async revoke(
    @Param('projectId') projectId: string,
    @Param('userId') userId: string,
    @Param('roleId') roleId: string,
    @FromCaller() caller: Caller,
  ): Promise<void> {
    await this.check(projectId, userId, roleId);
    const { name: role } = requireRole(roleId);
    const context = commandContext(caller, 'revoke-role', this.random);
    await this.writes.execute(projectStream(projectId), { type: 'RevokeRole', data: { userId, role } }, context);
  }

  /** Names of the granted roles, by the log, so that a grant of a moment ago is there. */
  private async granted(projectId: string, userId: string): Promise<readonly string[]> {
    await this.projects.require(projectId);
    await this.users.require(userId);
    return this.projects.rolesOf(projectId, userId);
  }
}

const noGrant = (role: string, user: string, project: string): HttpProblem =>
  new HttpProblem(
    404,
    `Could not find role assignment with role: ${role}, user or group: ${user}, project, domain, or system: ${project}.`,
  );
