import { creates } from '../migration';

export const CreateFlavorV1 = creates('flavor_v1', 1_795_352_400_001, [
  'id varchar(512) NOT NULL',
  'name varchar(255) NOT NULL',
  'vcpus integer NOT NULL',
  'ram_mb integer NOT NULL',
  'root_gb integer NOT NULL',
  'ephemeral_gb integer NOT NULL',
  'swap_mb integer NOT NULL',
  'rxtx_factor double precision NOT NULL',
  'is_public boolean NOT NULL',
  'created_at varchar(32) NOT NULL',
]);
