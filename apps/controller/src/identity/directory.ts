import { ProjectRow, type ReadModel, RevokedTokenRow, RoleAssignmentRow, UserRow } from '@cairn/projections';
import { In } from 'typeorm';

/** What a token is checked against. */
export interface Standing {
  readonly user: UserRow | null;
  /** Null also for a token without project. */
  readonly project: ProjectRow | null;
  /** Names of the roles that the user was given in the project. */
  readonly roles: readonly string[];
  readonly revoked: boolean;
}

/** Users, projects and roles as logins and tokens need them, from the read model. */
export class Directory {
  constructor(private readonly readModel: ReadModel) {}

  async userById(id: string): Promise<UserRow | null> {
    return only(await this.readModel.rowsWith(UserRow, { id }));
  }

  async userByName(domainId: string, name: string): Promise<UserRow | null> {
    return only(await this.readModel.rowsWith(UserRow, { domainId, name }));
  }

  async projectById(id: string): Promise<ProjectRow | null> {
    return only(await this.readModel.rowsWith(ProjectRow, { id }));
  }

  async projectByName(domainId: string, name: string): Promise<ProjectRow | null> {
    return only(await this.readModel.rowsWith(ProjectRow, { domainId, name }));
  }

  async rolesOf(userId: string, projectId: string): Promise<readonly string[]> {
    const found = await this.readModel.rowsWith(RoleAssignmentRow, { userId, projectId });
    return found.map(({ role }) => role);
  }

  /** The enabled projects in which the user has a role, by name. */
  projectsOf(userId: string): Promise<readonly ProjectRow[]> {
    return this.readModel.read(async (rows) => {
      const assignments = await rows.findBy(RoleAssignmentRow, { userId });
      const ids = [...new Set(assignments.map(({ projectId }) => projectId))];
      return rows.find(ProjectRow, { where: { id: In(ids), enabled: true }, order: { name: 'ASC', id: 'ASC' } });
    });
  }

  async standing(tokenId: string, userId: string, projectId: string | null): Promise<Standing> {
    const [user, project, roles, revoked] = await Promise.all([
      this.userById(userId),
      projectId === null ? null : this.projectById(projectId),
      projectId === null ? [] : this.rolesOf(userId, projectId),
      this.readModel.rowsWith(RevokedTokenRow, { id: tokenId }),
    ]);
    return { user, project, roles, revoked: revoked.length > 0 };
  }
}

const only = <R>([row]: readonly R[]): R | null => row ?? null;
