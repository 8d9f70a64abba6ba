CREATE TABLE image_v1 (
  id varchar(512) COLLATE "C" NOT NULL,
  project_id varchar(255) COLLATE "C" NOT NULL,
  name text COLLATE "C",
  visibility varchar(255) COLLATE "C" NOT NULL,
  status varchar(255) COLLATE "C" NOT NULL,
  disk_format varchar(255) COLLATE "C",
  container_format varchar(255) COLLATE "C",
  min_disk_gb integer NOT NULL,
  min_ram_mb integer NOT NULL,
  protected boolean NOT NULL,
  tags text COLLATE "C" NOT NULL,
  properties text COLLATE "C" NOT NULL,
  size_bytes bigint,
  sha256 varchar(255) COLLATE "C",
  sha512 varchar(255) COLLATE "C",
  md5 varchar(255) COLLATE "C",
  created_at varchar(32) COLLATE "C" NOT NULL,
  updated_at varchar(32) COLLATE "C" NOT NULL,
  deleted_at varchar(32) COLLATE "C",
  position varchar(20) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX image_v1_visibility ON image_v1 (visibility, status, created_at, id);
CREATE INDEX image_v1_project ON image_v1 (project_id, status, created_at, id);
