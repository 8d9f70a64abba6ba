import { creates } from '../migration';

export const CreateKeypairV1 = creates(
  'keypair_v1',
  1_795_352_400_005,
  [
    'id varchar(512) NOT NULL',
    'user_id varchar(255) NOT NULL',
    'name varchar(255) NOT NULL',
    'key_type varchar(255) NOT NULL',
    'public_key text NOT NULL',
    'fingerprint varchar(255) NOT NULL',
    'created_at varchar(32) NOT NULL',
  ],
  {
    keypair_v1_user: 'user_id, name',
  },
);
