CREATE TABLE network_address_v1 (
  id varchar(512) COLLATE "C" NOT NULL,
  network_id varchar(255) COLLATE "C" NOT NULL,
  instance_id varchar(255) COLLATE "C" NOT NULL,
  address varchar(255) COLLATE "C" NOT NULL,
  mac varchar(255) COLLATE "C" NOT NULL,
  allocated_at varchar(32) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX network_address_v1_instance ON network_address_v1 (instance_id);
CREATE INDEX network_address_v1_address ON network_address_v1 (network_id, address);
