import { creates } from '../migration';

export const CreateHostClaimV1 = creates(
  'host_claim_v1',
  1_795_352_400_002,
  [
    'id varchar(512) NOT NULL',
    'host_id varchar(255) NOT NULL',
    'instance_id varchar(255) NOT NULL',
    'project_id varchar(255) NOT NULL',
    'vcpus integer NOT NULL',
    'ram_mb integer NOT NULL',
    'disk_gb integer NOT NULL',
    'claimed_at varchar(32) NOT NULL',
  ],
  {
    host_claim_v1_host: 'host_id',
  },
);
