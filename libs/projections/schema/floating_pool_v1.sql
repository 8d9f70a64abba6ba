CREATE TABLE floating_pool_v1 (
  id varchar(512) COLLATE "C" NOT NULL,
  name varchar(255) COLLATE "C" NOT NULL,
  ranges text COLLATE "C" NOT NULL,
  created_at varchar(32) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX floating_pool_v1_name ON floating_pool_v1 (name);
