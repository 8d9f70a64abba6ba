CREATE TABLE log_history (
  id varchar(512) COLLATE "C" NOT NULL,
  history varchar(255) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
