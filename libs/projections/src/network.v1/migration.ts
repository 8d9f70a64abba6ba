import { creates } from '../migration';

export const CreateNetworkV1 = creates(
  'network_v1',
  1_795_352_400_007,
  [
    'id varchar(512) NOT NULL',
    'label varchar(255) NOT NULL',
    'bridge varchar(255) NOT NULL',
    'cidr varchar(255) NOT NULL',
    'gateway varchar(255) NOT NULL',
    'dns text NOT NULL',
    'domain varchar(255) NOT NULL',
    'mtu integer NOT NULL',
    'range_start varchar(255) NOT NULL',
    'range_end varchar(255) NOT NULL',
    'used_addresses integer NOT NULL',
    'deleted boolean NOT NULL',
    'created_at varchar(32) NOT NULL',
    'deleted_at varchar(32)',
  ],
  {
    network_v1_label: 'label',
  },
);
