CREATE TABLE user_v3 (
  id varchar(512) COLLATE "C" NOT NULL,
  name varchar(255) COLLATE "C" NOT NULL,
  domain_id varchar(255) COLLATE "C" NOT NULL,
  email text COLLATE "C",
  description text COLLATE "C" NOT NULL,
  enabled boolean NOT NULL,
  default_project_id varchar(255) COLLATE "C",
  attributes text COLLATE "C" NOT NULL,
  created_at varchar(32) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX user_v3_name ON user_v3 (domain_id, name);
