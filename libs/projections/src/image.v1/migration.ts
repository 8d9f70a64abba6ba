import { creates } from '../migration';

export const CreateImageV1 = creates(
  'image_v1',
  1_795_352_400_004,
  [
    'id varchar(512) NOT NULL',
    'project_id varchar(255) NOT NULL',
    'name text',
    'visibility varchar(255) NOT NULL',
    'status varchar(255) NOT NULL',
    'disk_format varchar(255)',
    'container_format varchar(255)',
    'min_disk_gb integer NOT NULL',
    'min_ram_mb integer NOT NULL',
    'protected boolean NOT NULL',
    'tags text NOT NULL',
    'properties text NOT NULL',
    'size_bytes bigint',
    'sha256 varchar(255)',
    'sha512 varchar(255)',
    'md5 varchar(255)',
    'created_at varchar(32) NOT NULL',
    'updated_at varchar(32) NOT NULL',
    'deleted_at varchar(32)',
    'position varchar(20) NOT NULL',
  ],
  {
    image_v1_visibility: 'visibility, status, created_at, id',
    image_v1_project: 'project_id, status, created_at, id',
  },
);
