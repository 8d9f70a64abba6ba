import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { ProjectRow, type ReadModel, RoleAssignmentRow } from '@cairn/projections';
import { In } from 'typeorm';
import { READ_MODEL } from '../core';
import type { ProjectView } from '../user/views';

export interface ProjectFilter {
  readonly name?: string | undefined;
  readonly domainId?: string | undefined;
  readonly enabled?: boolean | undefined;
  /** Only those in which this user has a role. */
  readonly userId?: string | undefined;
}

/** Projects by name; every part of the filter that is given must hold. */
export class FindProjects extends Query<readonly ProjectView[]> {
  constructor(readonly filter: ProjectFilter) {
    super();
  }
}

@QueryHandler(FindProjects)
export class FindProjectsHandler implements IQueryHandler<FindProjects> {
  constructor(@Inject(READ_MODEL) private readonly readModel: ReadModel) {}

  execute({ filter: { userId, ...filter } }: FindProjects): Promise<readonly ProjectView[]> {
    const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
    return this.readModel.read(async (rows) => {
      const of = userId === undefined ? [] : await rows.findBy(RoleAssignmentRow, { userId });
      const where = userId === undefined ? given : { ...given, id: In(of.map(({ projectId }) => projectId)) };
      return rows.find(ProjectRow, { where, order: { name: 'ASC', id: 'ASC' } });
    });
  }
}
