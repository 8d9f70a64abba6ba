import { creates } from '../migration';

export const CreateProjectV1 = creates(
  'project_v1',
  1_795_352_400_009,
  [
    'id varchar(512) NOT NULL',
    'name varchar(255) NOT NULL',
    'domain_id varchar(255) NOT NULL',
    'description text NOT NULL',
    'enabled boolean NOT NULL',
    'created_at varchar(32) NOT NULL',
  ],
  {
    project_v1_name: 'domain_id, name',
  },
);
