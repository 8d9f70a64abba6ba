CREATE TABLE network_v1 (
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
  used_addresses integer NOT NULL,
  deleted boolean NOT NULL,
  created_at varchar(32) COLLATE "C" NOT NULL,
  deleted_at varchar(32) COLLATE "C",
  PRIMARY KEY (id)
);
CREATE INDEX network_v1_label ON network_v1 (label);
