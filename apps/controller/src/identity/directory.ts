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

  userById(id: string): Promise<UserRow | null> {
    return this.readModel.read((rows) => rows.findOneBy(UserRow, { id }));
  }

  userByName(domainId: string, name: string): Promise<UserRow | null> {
    return this.readModel.read((rows) => rows.findOneBy(UserRow, { domainId, name }));
  }

  projectById(id: string): Promise<ProjectRow | null> {
    return this.readModel.read((rows) => rows.findOneBy(ProjectRow, { id }));
  }

  projectByName(domainId: string, name: string): Promise<ProjectRow | null> {
    return this.readModel.read((rows) => rows.findOneBy(ProjectRow, { domainId, name }));
  }

  async rolesOf(userId: string, projectId: string): Promise<readonly string[]> {
    const found = await this.readModel.read((rows) => rows.findBy(RoleAssignmentRow, { userId, projectId }));
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

  standing(tokenId: string, userId: string, projectId: string | null): Promise<Standing> {
    return this.readModel.read(async (rows) => {
      const user = await rows.findOneBy(UserRow, { id: userId });
      const project = projectId === null ? null : await rows.findOneBy(ProjectRow, { id: projectId });
      const roles = projectId === null ? [] : await rows.findBy(RoleAssignmentRow, { userId, projectId });
      const revoked = await rows.existsBy(RevokedTokenRow, { id: tokenId });
      return { user, project, roles: roles.map(({ role }) => role), revoked };
    });
  }
}
