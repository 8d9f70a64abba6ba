CREATE TABLE server_group_member_v1 (
  id varchar(512) COLLATE "C" NOT NULL,
  group_id varchar(255) COLLATE "C" NOT NULL,
  user_id varchar(255) COLLATE "C" NOT NULL,
  joined_at varchar(32) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX server_group_member_v1_group ON server_group_member_v1 (group_id, joined_at, id);
