CREATE TABLE role_assignment_v1 (
  id varchar(512) COLLATE "C" NOT NULL,
  project_id varchar(255) COLLATE "C" NOT NULL,
  user_id varchar(255) COLLATE "C" NOT NULL,
  role varchar(255) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX role_assignment_v1_user ON role_assignment_v1 (user_id);
CREATE INDEX role_assignment_v1_project ON role_assignment_v1 (project_id);
