import { creates } from '../migration';

export const CreateUserV1 = creates(
  'user_v1',
  1_795_352_400_015,
  [
    'id varchar(512) NOT NULL',
    'name varchar(255) NOT NULL',
    'domain_id varchar(255) NOT NULL',
    'email text',
    'description text NOT NULL',
    'enabled boolean NOT NULL',
    'default_project_id varchar(255)',
    'password_hash text',
    'tokens_valid_from varchar(32)',
    'created_at varchar(32) NOT NULL',
  ],
  {
    user_v1_name: 'domain_id, name',
  },
);
