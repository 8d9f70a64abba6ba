import { unreachable, type UserEvent } from '@cairn/domain';
import { existing, type Projection } from '../projection';
import { UserRow } from './row';

type Seen = Extract<UserEvent, { type: 'user.created.v1' | 'user.updated.v1' | 'user.deleted.v1' }>;

export const users: Projection<UserRow, Seen> = {
  name: 'users.v3',
  group: 'identity',
  version: 1,
  entity: UserRow,
  owner: { category: 'user', column: 'id' },
  types: {
    'user.created.v1': true,
    'user.updated.v1': true,
    'user.deleted.v1': true,
  },
  keys: ({ streamId }) => [streamId],
  apply(row, event) {
    switch (event.type) {
      case 'user.created.v1': {
        const { userId, passwordHash: _, ...record } = event.data;
        return { attributes: {}, ...record, id: userId, createdAt: event.at };
      }
      case 'user.updated.v1':
        return { ...existing(row, event), ...event.data };
      case 'user.deleted.v1':
        return null;
      default:
        return unreachable(event);
    }
  },
};
