CREATE TABLE parked_stream (
  id varchar(512) COLLATE "C" NOT NULL,
  position varchar(20) COLLATE "C" NOT NULL,
  event_type varchar(255) COLLATE "C" NOT NULL,
  projection varchar(255) COLLATE "C" NOT NULL,
  reason text COLLATE "C" NOT NULL,
  at varchar(32) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
