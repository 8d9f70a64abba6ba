import { type Amounts, limitOf, limitsOf, QUOTA_CLASS, streamRef } from '@cairn/domain';
import { NetworkAddressRow, ProjectRow, QuotaRow, type ReadModel, ServerRow } from '@cairn/projections';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Executor } from '../../runtime/ports';
import { EXECUTOR, READ_MODEL } from '../core';

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

  exists(projectId: string): Promise<boolean> {
    return this.readModel.read((rows) => rows.existsBy(ProjectRow, { id: projectId }));
  }

  /**
   * Reads the limit from the log, so that a new limit applies at once.
   * @param resource OpenStack's name, e.g. `metadata_items`.
   */
  async limitNow(projectId: string, resource: string): Promise<number> {
    const { overrides: classLimits } = await this.executor.state(QUOTA_CLASS);
    const { overrides } = await this.executor.state(streamRef('quota', projectId));
    return limitOf({ ...classLimits, ...overrides }, resource);
  }

  /** Limits of a project that has none of its own. */
  defaults(): Promise<Amounts> {
    return this.readModel.read(async (rows) => limitsOf({ overrides: await classLimitsIn(rows) }));
  }

  of(projectId: string): Promise<ProjectQuota> {
    return this.readModel.read(async (rows) => {
      const row = await rows.findOneBy(QuotaRow, { id: projectId });
      const fixedIps = await rows
        .createQueryBuilder(NetworkAddressRow, 'a')
        .innerJoin(ServerRow, 's', 's.id = a.instanceId')
        .where('s.projectId = :projectId', { projectId })
        .getCount();
      const classLimits = await classLimitsIn(rows);
      return {
        limits: limitsOf({ overrides: row?.overrides ?? {} }, classLimits),
        // the group `default` is always there
        usage: { ...row?.usage, fixed_ips: fixedIps, security_groups: 1 },
      };
    });
  }
}

const classLimitsIn = async (rows: EntityManager): Promise<Amounts> =>
  (await rows.findOneBy(QuotaRow, { id: QUOTA_CLASS.id }))?.overrides ?? {};
