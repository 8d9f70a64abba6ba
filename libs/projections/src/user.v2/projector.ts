import { unreachable, type UserEvent } from '@cairn/domain';
import { existing, type Projection } from '../projection';
import { UserRow } from './row';

type Unseen =
  'user.creation-abandoned.v1' | 'user.token-revoked.v1' | 'user.login-failed.v1' | 'user.failed-logins-forgotten.v1';
type Seen = Exclude<UserEvent, { type: Unseen }>;

export const users: Projection<UserRow, Seen> = {
  name: 'users.v2',
  group: 'identity',
  version: 1,
  entity: UserRow,
  types: {
    'user.created.v1': true,
    'user.updated.v1': true,
    'user.password-changed.v1': true,
    'user.deleted.v1': true,
  },
  keys: ({ streamId }) => [streamId],
  apply(row, event) {
    switch (event.type) {
      case 'user.created.v1': {
        const { userId, ...record } = event.data;
        return { attributes: {}, ...record, id: userId, tokensValidFrom: null, createdAt: event.at };
      }
      case 'user.updated.v1':
        return { ...existing(row, event), ...event.data };
      case 'user.password-changed.v1':
        return {
          ...existing(row, event),
          passwordHash: event.data.passwordHash,
          tokensValidFrom: event.at,
        };
      case 'user.deleted.v1':
        return null;
      default:
        return unreachable(event);
    }
  },
};
