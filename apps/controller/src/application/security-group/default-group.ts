import {
  defaultGroup,
  defaultGroupId,
  deriveId,
  egressRules,
  SECURITY_DEFAULTS_ID,
  type StreamOf,
  streamRef,
} from '@cairn/domain';
import type { CommandContext, Executed, Executor } from '../../runtime/ports';
import { allocateNumber, allocateNumbers, numberRegistry, stepOf } from '../core';

const GROUP_NUMBERS = numberRegistry('securitygroups');
const RULE_NUMBERS = numberRegistry('securitygrouprules');

export const groupsOfProject = (projectId: string): StreamOf<'securitygroups'> =>
  streamRef('securitygroups', projectId);
export const DEFAULT_RULES = streamRef('securitydefaults', SECURITY_DEFAULTS_ID);

/** Nova's integer ids. A repeat of the request gets the same. */
export const groupNumber = (executor: Executor, groupId: string, context: CommandContext): Promise<number> =>
  allocateNumber(executor, GROUP_NUMBERS, groupId, stepOf(context, `group-number/${groupId}`));

export async function ruleNumbers(
  executor: Executor,
  ruleIds: readonly string[],
  context: CommandContext,
): Promise<readonly number[]> {
  if (ruleIds.length === 0) return [];
  return allocateNumbers(executor, RULE_NUMBERS, ruleIds, stepOf(context, `rule-numbers/${ruleIds[0] ?? ''}`));
}

/**
 * A project has its default group from the first time that somebody needs it, with the rules that are the default then.
 * @returns what was written; undefined if the group was there.
 */
export async function ensureDefaultGroup(
  executor: Executor,
  projectId: string,
  context: CommandContext,
): Promise<Executed | undefined> {
  const target = groupsOfProject(projectId);
  if (defaultGroup(await executor.state(target)) !== undefined) return undefined;
  const groupId = defaultGroupId(projectId);
  const { rules: defaults } = await executor.state(DEFAULT_RULES);
  const ids = defaults.map(({ ruleId }) => deriveId(groupId, ruleId));
  const numbers = await ruleNumbers(executor, ids, context);
  const rules = defaults.map((rule, i) => ({ ...rule, ruleId: ids[i] ?? '', number: numbers[i] ?? 0 }));
  const data = {
    ...{ groupId, projectId, rules: [...egressRules(groupId), ...rules] },
    number: await groupNumber(executor, groupId, context),
  };
  return executor.execute(target, { type: 'EnsureDefaultGroup', data }, stepOf(context, 'default-group'));
}
