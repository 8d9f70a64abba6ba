import { creates } from '../migration';

export const CreateQuotaV1 = creates('quota_v1', 1_795_352_400_011, [
  'id varchar(512) NOT NULL',
  'overrides text NOT NULL',
  'instances integer NOT NULL',
  'cores integer NOT NULL',
  'ram_mb bigint NOT NULL',
]);
