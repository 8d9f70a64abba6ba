CREATE TABLE server_group_v2 (
  id varchar(512) COLLATE "C" NOT NULL,
  project_id varchar(255) COLLATE "C" NOT NULL,
  user_id varchar(255) COLLATE "C" NOT NULL,
  name varchar(255) COLLATE "C" NOT NULL,
  policy varchar(255) COLLATE "C" NOT NULL,
  max_per_host integer,
  created_at varchar(32) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX server_group_v2_created ON server_group_v2 (created_at, id);
CREATE INDEX server_group_v2_project ON server_group_v2 (project_id, created_at, id);
