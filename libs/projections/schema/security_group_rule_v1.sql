CREATE TABLE security_group_rule_v1 (
  id varchar(512) COLLATE "C" NOT NULL,
  number integer,
  group_id varchar(255) COLLATE "C" NOT NULL,
  project_id varchar(255) COLLATE "C" NOT NULL,
  direction varchar(255) COLLATE "C" NOT NULL,
  ethertype varchar(255) COLLATE "C" NOT NULL,
  protocol varchar(255) COLLATE "C",
  from_port integer,
  to_port integer,
  cidr varchar(255) COLLATE "C",
  remote_group_id varchar(255) COLLATE "C",
  created_at varchar(32) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX security_group_rule_v1_number ON security_group_rule_v1 (number);
CREATE INDEX security_group_rule_v1_group ON security_group_rule_v1 (group_id, id);
