import { creates } from '../migration';

export const CreateRoleAssignmentV1 = creates(
  'role_assignment_v1',
  1_795_352_400_013,
  [
    'id varchar(512) NOT NULL',
    'project_id varchar(255) NOT NULL',
    'user_id varchar(255) NOT NULL',
    'role varchar(255) NOT NULL',
  ],
  {
    role_assignment_v1_user: 'user_id',
    role_assignment_v1_project: 'project_id',
  },
);
