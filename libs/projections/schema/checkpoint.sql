CREATE TABLE checkpoint (
  id varchar(512) COLLATE "C" NOT NULL,
  position varchar(20) COLLATE "C" NOT NULL,
  built boolean NOT NULL,
  PRIMARY KEY (id)
);
