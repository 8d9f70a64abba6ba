CREATE TABLE security_group_v1 (
  id varchar(512) COLLATE "C" NOT NULL,
  number integer NOT NULL,
  project_id varchar(255) COLLATE "C" NOT NULL,
  name varchar(255) COLLATE "C" NOT NULL,
  description text COLLATE "C" NOT NULL,
  is_default boolean NOT NULL,
  created_at varchar(32) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX security_group_v1_number ON security_group_v1 (number);
CREATE INDEX security_group_v1_project ON security_group_v1 (project_id, name);
