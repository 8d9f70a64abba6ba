CREATE TABLE host_aggregate_v1 (
  id varchar(512) COLLATE "C" NOT NULL,
  number integer NOT NULL,
  uuid varchar(255) COLLATE "C" NOT NULL,
  name varchar(255) COLLATE "C" NOT NULL,
  hosts text COLLATE "C" NOT NULL,
  metadata text COLLATE "C" NOT NULL,
  created_at varchar(32) COLLATE "C" NOT NULL,
  updated_at varchar(32) COLLATE "C",
  PRIMARY KEY (id)
);
