import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type ReadModel, UserRow } from '@cairn/projections';
import { READ_MODEL } from '../core';
import type { UserView } from './views';

export interface UserFilter {
  readonly name?: string | undefined;
  readonly domainId?: string | undefined;
  readonly enabled?: boolean | undefined;
}

/** Users by name; every part of the filter that is given must hold. */
export class FindUsers extends Query<readonly UserView[]> {
  constructor(readonly filter: UserFilter) {
    super();
  }
}

@QueryHandler(FindUsers)
export class FindUsersHandler implements IQueryHandler<FindUsers> {
  constructor(@Inject(READ_MODEL) private readonly readModel: ReadModel) {}

  execute({ filter }: FindUsers): Promise<readonly UserView[]> {
    const where = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
    return this.readModel.read((rows) => rows.find(UserRow, { where, order: { name: 'ASC', id: 'ASC' } }));
  }
}
