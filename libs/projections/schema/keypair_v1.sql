CREATE TABLE keypair_v1 (
  id varchar(512) COLLATE "C" NOT NULL,
  user_id varchar(255) COLLATE "C" NOT NULL,
  name varchar(255) COLLATE "C" NOT NULL,
  key_type varchar(255) COLLATE "C" NOT NULL,
  public_key text COLLATE "C" NOT NULL,
  fingerprint varchar(255) COLLATE "C" NOT NULL,
  created_at varchar(32) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX keypair_v1_user ON keypair_v1 (user_id, name);
