import { type Amounts, limitsOf, QUOTA_CLASS, type QuotaResourceName, streamRef, userQuota } from '@cairn/domain';
import {
  NetworkAddressRow,
  ProjectRow,
  QuotaRow,
  type ReadModel,
  SecurityGroupRow,
  ServerRow,
} from '@cairn/projections';
import { Inject, Injectable } from '@nestjs/common';
import type { Executor } from '../../runtime/ports';
import { EXECUTOR, READ_MODEL } from '../core';
import { userLimit } from './project-limit';

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

  /** Reads the user's limit from the log, so that a new limit applies at once. */
  limitNow(projectId: string, userId: string, resource: QuotaResourceName): Promise<number> {
    return userLimit(this.executor, projectId, userId, resource);
  }

  /** What one user may use of a project's quota, and uses. */
  async ofUser(projectId: string, userId: string): Promise<ProjectQuota> {
    const [state, classLimits] = await Promise.all([
      this.executor.latest(streamRef('quota', projectId)),
      this.classLimits(),
    ]);
    const { overrides, usage } = userQuota(state, userId);
    return { limits: { ...limitsOf(state, classLimits), ...overrides }, usage };
  }

  /** The users who have limits of their own, each with those. */
  async limitedUsers(projectId: string): Promise<ReadonlyMap<string, Amounts>> {
    const { users } = await this.executor.latest(streamRef('quota', projectId));
    const limited = [...users.entries()].filter(([, { overrides }]) => Object.keys(overrides).length > 0);
    return new Map(limited.map(([userId, { overrides }]) => [userId, overrides]));
  }

  /** Limits that were set for all projects. */
  async classLimitsNow(): Promise<Amounts> {
    return (await this.executor.state(QUOTA_CLASS)).overrides;
  }

  /** Limits of a project that has none of its own. */
  async defaults(): Promise<Amounts> {
    return limitsOf({ overrides: await this.classLimits() });
  }

  async of(projectId: string): Promise<ProjectQuota> {
    const [[row], classLimits, securityGroups, fixedIps] = await Promise.all([
      this.readModel.rowsWith(QuotaRow, { id: projectId }),
      this.classLimits(),
      this.readModel.read((rows) => rows.countBy(SecurityGroupRow, { projectId, isDefault: false })),
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
      // servers of before 0.2 reserved no addresses; the default group counts also before it is there
      usage: {
        ...row?.usage,
        fixed_ips: Math.max(fixedIps, row?.usage['fixed_ips'] ?? 0),
        security_groups: securityGroups + 1,
      },
    };
  }

  private async classLimits(): Promise<Amounts> {
    const [row] = await this.readModel.rowsWith(QuotaRow, { id: QUOTA_CLASS.id });
    return row?.overrides ?? {};
  }
}
