CREATE TABLE migration_v1 (
  id varchar(512) COLLATE "C" NOT NULL,
  number integer NOT NULL,
  instance_id varchar(255) COLLATE "C" NOT NULL,
  type varchar(255) COLLATE "C" NOT NULL,
  status varchar(255) COLLATE "C" NOT NULL,
  source_host text COLLATE "C",
  dest_host text COLLATE "C",
  old_flavor_id varchar(255) COLLATE "C" NOT NULL,
  new_flavor_id varchar(255) COLLATE "C" NOT NULL,
  user_id varchar(255) COLLATE "C" NOT NULL,
  project_id varchar(255) COLLATE "C",
  created_at varchar(32) COLLATE "C" NOT NULL,
  updated_at varchar(32) COLLATE "C",
  PRIMARY KEY (id)
);
CREATE INDEX migration_v1_instance ON migration_v1 (instance_id);
CREATE INDEX migration_v1_number ON migration_v1 (number);
CREATE INDEX migration_v1_created ON migration_v1 (created_at, number, id);
