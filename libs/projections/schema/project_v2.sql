CREATE TABLE project_v2 (
  id varchar(512) COLLATE "C" NOT NULL,
  name varchar(255) COLLATE "C" NOT NULL,
  domain_id varchar(255) COLLATE "C" NOT NULL,
  description text COLLATE "C" NOT NULL,
  enabled boolean NOT NULL,
  tags text COLLATE "C" NOT NULL,
  attributes text COLLATE "C" NOT NULL,
  created_at varchar(32) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX project_v2_name ON project_v2 (domain_id, name);
