CREATE TABLE quota_v2 (
  id varchar(512) COLLATE "C" NOT NULL,
  overrides text COLLATE "C" NOT NULL,
  usage text COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
