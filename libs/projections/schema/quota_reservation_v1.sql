CREATE TABLE quota_reservation_v1 (
  id varchar(512) COLLATE "C" NOT NULL,
  project_id varchar(255) COLLATE "C" NOT NULL,
  amounts text COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX quota_reservation_v1_project ON quota_reservation_v1 (project_id);
