import { type Amounts, limitOf, own, QUOTA_CLASS, type QuotaResourceName, streamRef, userQuota } from '@cairn/domain';
import type { Executor } from '../../runtime/ports';

/**
 * What holds for a project now, as the log has it: its own limit, else that of the class of all projects, else the
 * built-in one; -1 is no limit.
 * @param defaults what holds in the place of built-in limits
 */
export async function projectLimit(
  executor: Pick<Executor, 'state'>,
  projectId: string,
  resource: QuotaResourceName,
  defaults: Amounts = {},
): Promise<number> {
  const [{ overrides: classLimits }, { overrides }] = await Promise.all([
    executor.state(QUOTA_CLASS),
    executor.state(streamRef('quota', projectId)),
  ]);
  return limitOf({ ...defaults, ...classLimits, ...overrides }, resource);
}

/** What holds for one user of a project: the project's limit, and the user's own, whichever is less. */
export async function userLimit(
  executor: Pick<Executor, 'state'>,
  projectId: string,
  userId: string,
  resource: QuotaResourceName,
): Promise<number> {
  const ofProject = await projectLimit(executor, projectId, resource);
  const { overrides } = userQuota(await executor.state(streamRef('quota', projectId)), userId);
  const limits = [ofProject, own(overrides, resource) ?? -1].filter((limit) => limit >= 0);
  return limits.length === 0 ? -1 : Math.min(...limits);
}
