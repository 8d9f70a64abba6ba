CREATE TABLE floating_ip_v1 (
  id varchar(512) COLLATE "C" NOT NULL,
  number integer NOT NULL,
  project_id varchar(255) COLLATE "C" NOT NULL,
  pool_id varchar(255) COLLATE "C" NOT NULL,
  pool_name varchar(255) COLLATE "C" NOT NULL,
  address varchar(255) COLLATE "C" NOT NULL,
  interface varchar(255) COLLATE "C",
  instance_id varchar(255) COLLATE "C",
  port_id varchar(255) COLLATE "C",
  network_id varchar(255) COLLATE "C",
  fixed_address varchar(255) COLLATE "C",
  host_id varchar(255) COLLATE "C",
  created_at varchar(32) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX floating_ip_v1_number ON floating_ip_v1 (number, id);
CREATE INDEX floating_ip_v1_address ON floating_ip_v1 (address);
CREATE INDEX floating_ip_v1_project ON floating_ip_v1 (project_id, number, id);
