import { DomainError, streamRef } from '@cairn/domain';
import { type ReadModel, ServerGroupMemberRow } from '@cairn/projections';
import type { Actor, Executor } from '../../runtime/ports';
import { userLimit } from '../quota/project-limit';

interface Joining {
  readonly serverGroupId?: string;
  readonly maxCount: number;
}

/**
 * Checks that servers may join the group. Reads the group from the log, but counts its members in the read model, as
 * nova counts them in its database: concurrent requests may together exceed the limit.
 * @throws DomainError `server-group.not-found` or `server-group.members-quota`, in nova's words.
 */
export async function requireServerGroup(
  executor: Executor,
  readModel: ReadModel,
  projectId: string,
  { userId }: Actor,
  { serverGroupId: groupId, maxCount }: Joining,
): Promise<void> {
  if (groupId === undefined) return;
  const { life, record } = await executor.state(streamRef('servergroup', groupId));
  if (life !== 'live' || record?.projectId !== projectId)
    throw new DomainError('invalid', 'server-group.not-found', `Instance group ${groupId} could not be found.`);
  const limit = await userLimit(executor, projectId, userId, 'server_group_members');
  if (limit < 0) return;
  const members = await readModel.read((rows) => rows.countBy(ServerGroupMemberRow, { groupId, userId }));
  if (members + maxCount > limit)
    throw new DomainError('quota', 'server-group.members-quota', 'Quota exceeded, too many servers in group');
}
