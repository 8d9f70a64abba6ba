import type { UserEvent } from '@cairn/domain';
import type { Projection } from '../projection';
import { RevokedTokenRow } from './row';

type Seen = Extract<UserEvent, { type: 'user.token-revoked.v1' }>;

export const revokedTokens: Projection<RevokedTokenRow, Seen> = {
  name: 'revoked-tokens.v1',
  group: 'identity',
  version: 1,
  entity: RevokedTokenRow,
  types: { 'user.token-revoked.v1': true },
  keys: ({ data }) => [data.tokenId],
  /** The user's others are looked at too: those that have expired by now need not be remembered any longer. */
  select: ({ streamId }) => ({ column: 'userId', value: streamId }),
  apply(row, { data, streamId, at }, key) {
    if (key === data.tokenId) return { id: key, userId: streamId, expiresAt: data.expiresAt };
    return row !== null && row.expiresAt < at ? null : row;
  },
};
