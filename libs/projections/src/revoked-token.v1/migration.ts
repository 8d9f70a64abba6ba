import { creates } from '../migration';

export const CreateRevokedTokenV1 = creates(
  'revoked_token_v1',
  1_795_352_400_012,
  ['id varchar(512) NOT NULL', 'user_id varchar(255) NOT NULL', 'expires_at varchar(32) NOT NULL'],
  {
    revoked_token_v1_user: 'user_id',
  },
);
