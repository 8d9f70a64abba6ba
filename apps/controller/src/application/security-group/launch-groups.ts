import { DEFAULT_GROUP_NAME, defaultGroupId, DomainError, groupNamed, type GroupRef } from '@cairn/domain';
import type { Executor } from '../../runtime/ports';
import { groupsOfProject } from './default-group';

/**
 * The groups of a launch. The default group is one of them before it is there: the launch makes it.
 * @throws DomainError `security-group.not-found`.
 */
export async function launchGroups(
  executor: Executor,
  names: readonly string[],
  projectId: string,
): Promise<readonly GroupRef[]> {
  const state = await executor.state(groupsOfProject(projectId));
  return names.map((name) => {
    const groupId = name === DEFAULT_GROUP_NAME ? defaultGroupId(projectId) : groupNamed(state, name)?.groupId;
    if (groupId !== undefined) return { groupId, name };
    const message = `Security group ${name} not found for project ${projectId}.`;
    throw new DomainError('invalid', 'security-group.not-found', message);
  });
}
