CREATE TABLE host_claim_v1 (
  id varchar(512) COLLATE "C" NOT NULL,
  host_id varchar(255) COLLATE "C" NOT NULL,
  instance_id varchar(255) COLLATE "C" NOT NULL,
  project_id varchar(255) COLLATE "C" NOT NULL,
  vcpus integer NOT NULL,
  ram_mb integer NOT NULL,
  disk_gb integer NOT NULL,
  claimed_at varchar(32) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX host_claim_v1_host ON host_claim_v1 (host_id);
