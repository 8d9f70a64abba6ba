import { DEFAULT_LIMITS, type QuotaLimits } from '@cairn/domain';
import { NetworkAddressRow, ProjectRow, QuotaRow, type ReadModel, ServerRow } from '@cairn/projections';
import { Inject, Injectable } from '@nestjs/common';
import { READ_MODEL } from '../core';

export interface ProjectQuota {
  readonly limits: QuotaLimits;
  /** How much is in use, of what is counted by project. */
  readonly usage: Readonly<Partial<Record<keyof QuotaLimits, number>>>;
}

@Injectable()
export class QuotaQuery {
  constructor(@Inject(READ_MODEL) private readonly readModel: ReadModel) {}

  exists(projectId: string): Promise<boolean> {
    return this.readModel.read((rows) => rows.existsBy(ProjectRow, { id: projectId }));
  }

  of(projectId: string): Promise<ProjectQuota> {
    return this.readModel.read(async (rows) => {
      const row = await rows.findOneBy(QuotaRow, { id: projectId });
      const fixedIps = await rows
        .createQueryBuilder(NetworkAddressRow, 'a')
        .innerJoin(ServerRow, 's', 's.id = a.instanceId')
        .where('s.projectId = :projectId', { projectId })
        .getCount();
      const { instances = 0, cores = 0, ramMb = 0 } = row ?? {};
      return {
        limits: { ...DEFAULT_LIMITS, ...row?.overrides },
        // the group `default` is always there
        usage: { instances, cores, ramMb, fixedIps, securityGroups: 1 },
      };
    });
  }
}
