CREATE TABLE server_image_v1 (
  id varchar(512) COLLATE "C" NOT NULL,
  server_id varchar(255) COLLATE "C" NOT NULL,
  image_id varchar(255) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX server_image_v1_server ON server_image_v1 (server_id);
