import { type Amounts, limitOf, limitsOf, streamRef } from '@cairn/domain';
import { NetworkAddressRow, ProjectRow, QuotaRow, type ReadModel, ServerRow } from '@cairn/projections';
import { Inject, Injectable } from '@nestjs/common';
import type { Executor } from '../../runtime/ports';
import { EXECUTOR, READ_MODEL } from '../core';

export interface ProjectQuota {
  readonly limits: Amounts;
  /** How much is in use, of what is counted by project. */
  readonly usage: Amounts;
}

@Injectable()
export class QuotaQuery {
  constructor(
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(EXECUTOR) private readonly executor: Executor,
  ) {}

  exists(projectId: string): Promise<boolean> {
    return this.readModel.read((rows) => rows.existsBy(ProjectRow, { id: projectId }));
  }

  /** As the log has it: a limit that was set counts at once. @param resource OpenStack's name, e.g. `metadata_items`. */
  async limitNow(projectId: string, resource: string): Promise<number> {
    const { overrides } = await this.executor.state(streamRef('quota', projectId));
    return limitOf(overrides, resource);
  }

  of(projectId: string): Promise<ProjectQuota> {
    return this.readModel.read(async (rows) => {
      const row = await rows.findOneBy(QuotaRow, { id: projectId });
      const fixedIps = await rows
        .createQueryBuilder(NetworkAddressRow, 'a')
        .innerJoin(ServerRow, 's', 's.id = a.instanceId')
        .where('s.projectId = :projectId', { projectId })
        .getCount();
      return {
        limits: limitsOf({ overrides: row?.overrides ?? {} }),
        // the group `default` is always there
        usage: { ...row?.usage, fixed_ips: fixedIps, security_groups: 1 },
      };
    });
  }
}
