import { Controller, Get, Query, Req } from '@nestjs/common';
import { ProjectRow, RoleAssignmentRow, UserRow } from '@cairn/projections';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../../../application/core';
import { among, type Asking, askingOf, Lists, type QueryParameters, whereOf } from '../../../../application/lists';
import { DEFAULT_DOMAIN } from '../../../../identity/domains';
import { effectiveRoles, roleById, roleByName } from '../../../../identity/roles';
import { FromCaller, HttpProblem, Policy } from '../../../http';
import { Links, presentList } from '../links';
import { EFFECTIVE_ASSIGNMENTS, ROLE_ASSIGNMENTS } from './identity-lists';

type Assignment = Pick<RoleAssignmentRow, 'userId' | 'projectId' | 'role'>;

/** Names by id. */
type Names = ReadonlyMap<string, string>;

/** Keystone's flags in queries: there without a value means yes. */
const isOn = (query: QueryParameters, name: string): boolean => {
  const [text] = query.get(name) ?? [];
  return text !== undefined && !['0', 'false', 'False'].includes(text);
};

/** Questions that Keystone refuses because they contradict themselves. */
function requireOneQuestion(query: QueryParameters): void {
  const scopes = ['scope.project.id', 'scope.domain.id', 'scope.system'].filter((name) => query.has(name));
  if (query.has('user.id') && query.has('group.id')) throw new HttpProblem(400, 'Specify a user or group, not both');
  if (scopes.length > 1) throw new HttpProblem(400, 'Specify a domain or project, not both');
  if (isOn(query, 'effective') && query.has('group.id'))
    throw new HttpProblem(400, 'Combining effective and group filter will always result in an empty list.');
}

function presented({ userId, projectId, role: name }: Assignment, v3: string, names?: readonly [Names, Names]): object {
  const role = { id: roleByName(name)?.id };
  const links = { assignment: `${v3}/projects/${projectId}/users/${userId}/roles/${role.id ?? ''}` };
  if (names === undefined) return { role, user: { id: userId }, scope: { project: { id: projectId } }, links };
  const [users, projects] = names;
  const domain = { id: DEFAULT_DOMAIN.id, name: DEFAULT_DOMAIN.name };
  return {
    role: { ...role, name },
    user: { id: userId, name: users.get(userId) ?? '', domain },
    scope: { project: { id: projectId, name: projects.get(projectId) ?? '', domain } },
    links,
  };
}

@Controller('v3/role_assignments')
export class RoleAssignmentsController {
  constructor(
    private readonly lists: Lists,
    private readonly links: Links,
  ) {}

  @Get()
  @Policy('identity:list_role_assignments')
  async list(@Query() query: unknown, @FromCaller() caller: Caller, @Req() request: FastifyRequest): Promise<unknown> {
    const asking = askingOf(caller, query);
    requireOneQuestion(asking.query);
    const found = isOn(asking.query, 'effective') ? await this.effective(asking) : await this.given(asking);
    const names = isOn(asking.query, 'include_names') ? await this.names(asking) : undefined;
    const v3 = this.links.v3(request);
    const assignments = found.map((assignment) => presented(assignment, v3, names));
    return presentList('role_assignments', assignments, this.links.list('/role_assignments', request));
  }

  private async given(asking: Asking): Promise<readonly Assignment[]> {
    return (await this.lists.page(ROLE_ASSIGNMENTS, asking)).rows;
  }

  /** With the roles that others imply, each once. */
  private async effective(asking: Asking): Promise<readonly Assignment[]> {
    const { rows } = await this.lists.page(EFFECTIVE_ASSIGNMENTS, asking);
    const implied = rows.flatMap((row) => effectiveRoles([row.role]).map((role): Assignment => ({ ...row, role })));
    const distinct = [
      ...new Map(implied.map((each) => [`${each.projectId}/${each.userId}/${each.role}`, each])).values(),
    ];
    const [roleId] = asking.query.get('role.id') ?? [];
    return roleId === undefined ? distinct : distinct.filter(({ role }) => role === roleById(roleId)?.name);
  }

  /** Of the users and the projects in the list. */
  private async names(asking: Asking): Promise<readonly [Names, Names]> {
    const where = whereOf(EFFECTIVE_ASSIGNMENTS, asking);
    const ofUsers = among<UserRow, RoleAssignmentRow>('id', RoleAssignmentRow, 'userId', where);
    const ofProjects = among<ProjectRow, RoleAssignmentRow>('id', RoleAssignmentRow, 'projectId', where);
    const [users, projects] = await Promise.all([
      this.lists.rows(UserRow, ofUsers, ['id', 'name']),
      this.lists.rows(ProjectRow, ofProjects, ['id', 'name']),
    ]);
    return [byId(users), byId(projects)];
  }
}

const byId = (rows: readonly { readonly id: string; readonly name: string }[]): Names =>
  new Map(rows.map(({ id, name }) => [id, name]));
