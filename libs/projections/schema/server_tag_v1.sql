CREATE TABLE server_tag_v1 (
  id varchar(512) COLLATE "C" NOT NULL,
  server_id varchar(255) COLLATE "C" NOT NULL,
  tag varchar(255) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX server_tag_v1_server ON server_tag_v1 (server_id);
CREATE INDEX server_tag_v1_tag ON server_tag_v1 (tag, server_id);
