import { Controller, Get, Query, Req } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { IsOptional, IsString } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { DEFAULT_DOMAIN } from '../../../../identity/domains';
import { effectiveRoles, roleById, roleByName } from '../../../../identity/roles';
import { FindRoleAssignments, type RoleAssignmentView } from '../../../../application/role/role-assignment.query';
import { Policy } from '../../../http';
import { Links, listed } from '../links';

class AssignmentsQuery {
  @IsOptional() @IsString() readonly 'user.id'?: string;
  @IsOptional() @IsString() readonly 'role.id'?: string;
  @IsOptional() @IsString() readonly 'scope.project.id'?: string;
  @IsOptional() @IsString() readonly 'scope.domain.id'?: string;
  @IsOptional() @IsString() readonly 'scope.system'?: string;
  @IsOptional() @IsString() readonly 'group.id'?: string;
  @IsOptional() @IsString() readonly include_names?: string;
  @IsOptional() @IsString() readonly effective?: string;
}

/** Keystone's flags in queries: there without a value means yes. */
const isOn = (text: string | undefined): boolean => text !== undefined && !['0', 'false', 'False'].includes(text);

function presented(view: RoleAssignmentView, withNames: boolean, v3: string): object {
  const { userId, projectId } = view;
  const role = { id: roleByName(view.role)?.id };
  const links = { assignment: `${v3}/projects/${projectId}/users/${userId}/roles/${role.id ?? ''}` };
  if (!withNames) return { role, user: { id: userId }, scope: { project: { id: projectId } }, links };
  const domain = { id: DEFAULT_DOMAIN.id, name: DEFAULT_DOMAIN.name };
  return {
    role: { ...role, name: view.role },
    user: { id: userId, name: view.userName, domain },
    scope: { project: { id: projectId, name: view.projectName, domain } },
    links,
  };
}

@Controller('v3/role_assignments')
export class RoleAssignmentsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly links: Links,
  ) {}

  @Get()
  @Policy('identity:list_role_assignments')
  async list(@Query() query: AssignmentsQuery, @Req() request: FastifyRequest): Promise<unknown> {
    const v3 = this.links.v3(request);
    const found = await this.find(query);
    const assignments = found.map((view) => presented(view, isOn(query.include_names), v3));
    return listed('role_assignments', assignments, `${v3}/role_assignments`);
  }

  private async find(query: AssignmentsQuery): Promise<readonly RoleAssignmentView[]> {
    const elsewhere = [query['scope.domain.id'], query['scope.system'], query['group.id']];
    if (elsewhere.some((value) => value !== undefined)) return []; // roles are given to users in projects only
    const roleId = query['role.id'];
    const role = roleId === undefined ? undefined : roleById(roleId);
    if (roleId !== undefined && role === undefined) return [];
    const filter = { userId: query['user.id'], projectId: query['scope.project.id'] };
    if (!isOn(query.effective)) return this.queries.execute(new FindRoleAssignments({ ...filter, role: role?.name }));
    const given = await this.queries.execute(new FindRoleAssignments(filter));
    const implied = given.flatMap((view) => effectiveRoles([view.role]).map((name) => ({ ...view, role: name })));
    const distinct = new Map(implied.map((view) => [`${view.projectId}/${view.userId}/${view.role}`, view]));
    return [...distinct.values()].filter((view) => role === undefined || view.role === role.name);
  }
}
