import { creates } from '../migration';

export const CreateQuotaItemV1 = creates(
  'quota_item_v1',
  1_795_352_400_010,
  ['id varchar(512) NOT NULL', 'project_id varchar(255) NOT NULL', 'cores integer NOT NULL', 'ram_mb integer NOT NULL'],
  {
    quota_item_v1_project: 'project_id',
  },
);
