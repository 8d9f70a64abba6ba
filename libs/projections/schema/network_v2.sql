CREATE TABLE network_v2 (
  id varchar(512) COLLATE "C" NOT NULL,
  label varchar(255) COLLATE "C" NOT NULL,
  bridge varchar(255) COLLATE "C" NOT NULL,
  cidr varchar(255) COLLATE "C" NOT NULL,
  gateway varchar(255) COLLATE "C" NOT NULL,
  dns text COLLATE "C" NOT NULL,
  domain varchar(255) COLLATE "C" NOT NULL,
  mtu integer NOT NULL,
  range_start varchar(255) COLLATE "C" NOT NULL,
  range_end varchar(255) COLLATE "C" NOT NULL,
  project_id varchar(255) COLLATE "C",
  priority integer,
  used_addresses integer NOT NULL,
  deleted boolean NOT NULL,
  created_at varchar(32) COLLATE "C" NOT NULL,
  updated_at varchar(32) COLLATE "C",
  deleted_at varchar(32) COLLATE "C",
  PRIMARY KEY (id)
);
CREATE INDEX network_v2_label ON network_v2 (label);
