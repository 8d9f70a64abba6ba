import { type Amounts, limitOf, QUOTA_CLASS, type QuotaResourceName, streamRef } from '@cairn/domain';
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
