CREATE TABLE flavor_v2 (
  id varchar(512) COLLATE "C" NOT NULL,
  name varchar(255) COLLATE "C" NOT NULL,
  vcpus integer NOT NULL,
  ram_mb integer NOT NULL,
  root_gb integer NOT NULL,
  ephemeral_gb integer NOT NULL,
  swap_mb integer NOT NULL,
  rxtx_factor double precision NOT NULL,
  is_public boolean NOT NULL,
  description text COLLATE "C",
  extra_specs text COLLATE "C" NOT NULL,
  access text COLLATE "C" NOT NULL,
  created_at varchar(32) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
