import { creates } from '../migration';

export const CreateNetworkAddressV1 = creates(
  'network_address_v1',
  1_795_352_400_006,
  [
    'id varchar(512) NOT NULL',
    'network_id varchar(255) NOT NULL',
    'instance_id varchar(255) NOT NULL',
    'address varchar(255) NOT NULL',
    'mac varchar(255) NOT NULL',
    'allocated_at varchar(32) NOT NULL',
  ],
  {
    network_address_v1_instance: 'instance_id',
    network_address_v1_address: 'network_id, address',
  },
);
