import { type ProjectEvent, unreachable, type UserEvent } from '@cairn/domain';
import type { Projection } from '../projection';
import { roleAssignmentKey, RoleAssignmentRow } from './row';

type Seen = Extract<
  ProjectEvent | UserEvent,
  { type: 'project.role-granted.v1' | 'project.role-revoked.v1' | 'project.deleted.v1' | 'user.deleted.v1' }
>;

export const roleAssignments: Projection<RoleAssignmentRow, Seen> = {
  name: 'role-assignments.v1',
  group: 'identity',
  version: 1,
  entity: RoleAssignmentRow,
  owner: { category: 'project', column: 'projectId' },
  /** The user's end is the end of all its roles. */
  endedBy: (event) => (event.type === 'project.role-granted.v1' ? { category: 'user', id: event.data.userId } : null),
  types: {
    'project.role-granted.v1': true,
    'project.role-revoked.v1': true,
    'project.deleted.v1': true,
    'user.deleted.v1': true,
  },
  keys(event) {
    if (event.type === 'project.deleted.v1' || event.type === 'user.deleted.v1') return [];
    return [roleAssignmentKey(event.streamId, event.data.userId, event.data.role)];
  },
  select({ type, streamId }) {
    if (type === 'project.deleted.v1') return { column: 'projectId', value: streamId };
    return type === 'user.deleted.v1' ? { column: 'userId', value: streamId } : null;
  },
  apply(_row, event, key) {
    switch (event.type) {
      case 'project.role-granted.v1':
        return { id: key, projectId: event.streamId, userId: event.data.userId, role: event.data.role };
      case 'project.role-revoked.v1':
      case 'project.deleted.v1':
      case 'user.deleted.v1':
        return null;
      default:
        return unreachable(event);
    }
  },
};
