import type { InstanceEvent, ServerGroupEvent } from '@cairn/domain';
import type { Projection } from '../projection';
import { ServerGroupMemberRow, ServerGroupRow } from './row';

type GroupSeen = Extract<ServerGroupEvent, { type: 'server-group.created.v1' | 'server-group.deleted.v1' }>;
type MemberSeen = Extract<InstanceEvent, { type: 'instance.launch-requested.v1' | 'instance.deleted.v1' }>;

export const serverGroups: Projection<ServerGroupRow, GroupSeen> = {
  name: 'server-groups.v2',
  group: 'servers',
  version: 1,
  entity: ServerGroupRow,
  owner: { category: 'servergroup', column: 'id' },
  types: { 'server-group.created.v1': true, 'server-group.deleted.v1': true },
  keys: ({ streamId }) => [streamId],
  apply(_row, event) {
    if (event.type === 'server-group.deleted.v1') return null;
    const { groupId, maxPerHost = null, ...record } = event.data;
    return { id: groupId, ...record, maxPerHost, createdAt: event.at };
  },
};

export const serverGroupMembers: Projection<ServerGroupMemberRow, MemberSeen> = {
  name: 'server-group-members.v1',
  group: 'servers',
  version: 1,
  entity: ServerGroupMemberRow,
  owner: { category: 'instance', column: 'id' },
  types: { 'instance.launch-requested.v1': true, 'instance.deleted.v1': true },
  keys: ({ streamId }) => [streamId],
  apply(_row, event, key) {
    if (event.type === 'instance.deleted.v1') return null;
    const { serverGroupId, userId } = event.data;
    return serverGroupId === undefined ? null : { id: key, groupId: serverGroupId, userId, joinedAt: event.at };
  },
};
