import type { ServerGroupView } from '../../../../application/server-group/server-group.query';

const OWNER_SINCE = 13;

/** A group as nova shows it until 2.63. Nobody can set metadata of a group. */
export const presentServerGroup = (
  { groupId, name, policy, members, projectId, userId }: ServerGroupView,
  minor: number,
): unknown => ({
  id: groupId,
  name,
  policies: [policy],
  members,
  metadata: {},
  ...(minor < OWNER_SINCE ? {} : { project_id: projectId, user_id: userId }),
});
