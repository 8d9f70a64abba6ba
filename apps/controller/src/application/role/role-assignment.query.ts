import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { ProjectRow, type ReadModel, RoleAssignmentRow, UserRow } from '@cairn/projections';
import { READ_MODEL } from '../core';

export interface RoleAssignmentFilter {
  readonly userId?: string | undefined;
  readonly projectId?: string | undefined;
  /** The role's name. */
  readonly role?: string | undefined;
}

export interface RoleAssignmentView {
  readonly userId: string;
  readonly userName: string;
  readonly projectId: string;
  readonly projectName: string;
  /** The role's name. */
  readonly role: string;
}

/** Role assignments by project and user; every given part of the filter must hold. */
export class FindRoleAssignments extends Query<readonly RoleAssignmentView[]> {
  constructor(readonly filter: RoleAssignmentFilter) {
    super();
  }
}

@QueryHandler(FindRoleAssignments)
export class FindRoleAssignmentsHandler implements IQueryHandler<FindRoleAssignments> {
  constructor(@Inject(READ_MODEL) private readonly readModel: ReadModel) {}

  execute({ filter }: FindRoleAssignments): Promise<readonly RoleAssignmentView[]> {
    const where = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
    return this.readModel.read((rows) =>
      rows
        .createQueryBuilder(RoleAssignmentRow, 'assignment')
        .innerJoin(UserRow, 'user', 'user.id = assignment.userId')
        .innerJoin(ProjectRow, 'project', 'project.id = assignment.projectId')
        .where(where)
        .select('assignment.userId', 'userId')
        .addSelect('user.name', 'userName')
        .addSelect('assignment.projectId', 'projectId')
        .addSelect('project.name', 'projectName')
        .addSelect('assignment.role', 'role')
        .orderBy('assignment.id', 'ASC')
        .getRawMany<RoleAssignmentView>(),
    );
  }
}
