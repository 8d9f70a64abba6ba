import { type Amounts, limitsOf, QUOTA_CLASS, type QuotaResourceName } from '@cairn/domain';
import { NetworkAddressRow, ProjectRow, QuotaRow, type ReadModel, ServerRow } from '@cairn/projections';
import { Inject, Injectable } from '@nestjs/common';
import type { Executor } from '../../runtime/ports';
import { EXECUTOR, READ_MODEL } from '../core';
import { projectLimit } from './project-limit';

export interface ProjectQuota {
  readonly limits: Amounts;
  /** The usage of each resource that is counted by project. */
  readonly usage: Amounts;
}

@Injectable()
export class QuotaQuery {
  constructor(
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(EXECUTOR) private readonly executor: Executor,
  ) {}

  async exists(projectId: string): Promise<boolean> {
    return (await this.readModel.rowsWith(ProjectRow, { id: projectId })).length > 0;
  }

  /** Reads the limit from the log, so that a new limit applies at once. */
  limitNow(projectId: string, resource: QuotaResourceName): Promise<number> {
    return projectLimit(this.executor, projectId, resource);
  }

  /** Limits of a project that has none of its own. */
  async defaults(): Promise<Amounts> {
    return limitsOf({ overrides: await this.classLimits() });
  }

  async of(projectId: string): Promise<ProjectQuota> {
    const [[row], classLimits, fixedIps] = await Promise.all([
      this.readModel.rowsWith(QuotaRow, { id: projectId }),
      this.classLimits(),
      this.readModel.read((rows) =>
        rows
          .createQueryBuilder(NetworkAddressRow, 'a')
          .innerJoin(ServerRow, 's', 's.id = a.instanceId')
          .where('s.projectId = :projectId', { projectId })
          .getCount(),
      ),
    ]);
    return {
      limits: limitsOf({ overrides: row?.overrides ?? {} }, classLimits),
      // servers of before 0.2 reserved no addresses; the group `default` is always there
      usage: { ...row?.usage, fixed_ips: Math.max(fixedIps, row?.usage['fixed_ips'] ?? 0), security_groups: 1 },
    };
  }

  private async classLimits(): Promise<Amounts> {
    const [row] = await this.readModel.rowsWith(QuotaRow, { id: QUOTA_CLASS.id });
    return row?.overrides ?? {};
  }
}
