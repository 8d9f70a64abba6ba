import { Inject, Injectable } from '@nestjs/common';
import type { Instant } from '@cairn/domain';
import { type ReadModel, ServerRow } from '@cairn/projections';
import { Brackets } from 'typeorm';
import { READ_MODEL } from '../core';

@Injectable()
export class ServerUsageQuery {
  constructor(@Inject(READ_MODEL) private readonly readModel: ReadModel) {}

  /** Servers that ran at some time between the two moments, of one project or of all. */
  ran(from: Instant, to: Instant, projectId: string | null): Promise<readonly ServerRow[]> {
    return this.readModel.read((rows) => {
      const query = rows
        .createQueryBuilder(ServerRow, 's')
        .where('s.launchedAt IS NOT NULL AND s.launchedAt < :to', { to })
        .andWhere(new Brackets((or) => or.where('s.terminatedAt IS NULL').orWhere('s.terminatedAt > :from', { from })));
      if (projectId !== null) query.andWhere('s.projectId = :projectId', { projectId });
      return query.orderBy('s.projectId').addOrderBy('s.createdAt').addOrderBy('s.id').getMany();
    });
  }
}
