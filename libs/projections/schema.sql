-- The tables of all read models as PostgreSQL gets them; SQLite's are the same without COLLATE. Generated from the row
-- classes by `npm run docs`, so that a review shows what changes; nothing reads this file.
CREATE TABLE checkpoint (
  id varchar(512) COLLATE "C" NOT NULL,
  position varchar(20) COLLATE "C" NOT NULL,
  built boolean NOT NULL,
  PRIMARY KEY (id)
);
CREATE TABLE log_history (
  id varchar(512) COLLATE "C" NOT NULL,
  history varchar(255) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE TABLE parked_stream (
  id varchar(512) COLLATE "C" NOT NULL,
  position varchar(20) COLLATE "C" NOT NULL,
  event_type varchar(255) COLLATE "C" NOT NULL,
  projection varchar(255) COLLATE "C" NOT NULL,
  reason text COLLATE "C" NOT NULL,
  at varchar(32) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE TABLE flavor_v1 (
  id varchar(512) COLLATE "C" NOT NULL,
  name varchar(255) COLLATE "C" NOT NULL,
  vcpus integer NOT NULL,
  ram_mb integer NOT NULL,
  root_gb integer NOT NULL,
  ephemeral_gb integer NOT NULL,
  swap_mb integer NOT NULL,
  rxtx_factor double precision NOT NULL,
  is_public boolean NOT NULL,
  created_at varchar(32) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE TABLE host_claim_v1 (
  id varchar(512) COLLATE "C" NOT NULL,
  host_id varchar(255) COLLATE "C" NOT NULL,
  instance_id varchar(255) COLLATE "C" NOT NULL,
  project_id varchar(255) COLLATE "C" NOT NULL,
  vcpus integer NOT NULL,
  ram_mb integer NOT NULL,
  disk_gb integer NOT NULL,
  claimed_at varchar(32) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX host_claim_v1_host ON host_claim_v1 (host_id);
CREATE TABLE host_v2 (
  id varchar(512) COLLATE "C" NOT NULL,
  name varchar(255) COLLATE "C" NOT NULL,
  number integer NOT NULL,
  availability_zone varchar(255) COLLATE "C" NOT NULL,
  enabled boolean NOT NULL,
  disabled_reason text COLLATE "C",
  up boolean NOT NULL,
  forced_down boolean NOT NULL,
  last_seen_at varchar(32) COLLATE "C",
  boot_id varchar(255) COLLATE "C",
  started_at varchar(32) COLLATE "C",
  hostname text COLLATE "C",
  host_ip varchar(255) COLLATE "C",
  vcpus integer,
  ram_mb integer,
  disk_gb integer,
  hypervisor_type varchar(255) COLLATE "C",
  hypervisor_version integer,
  virt_type varchar(255) COLLATE "C",
  cpu text COLLATE "C",
  used_vcpus integer NOT NULL,
  used_ram_mb integer NOT NULL,
  used_disk_gb integer NOT NULL,
  running_vms integer NOT NULL,
  enrolled_at varchar(32) COLLATE "C" NOT NULL,
  updated_at varchar(32) COLLATE "C" NOT NULL,
  position varchar(20) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX host_v2_number ON host_v2 (number);
CREATE INDEX host_v2_name ON host_v2 (name);
CREATE TABLE image_v1 (
  id varchar(512) COLLATE "C" NOT NULL,
  project_id varchar(255) COLLATE "C" NOT NULL,
  name text COLLATE "C",
  visibility varchar(255) COLLATE "C" NOT NULL,
  status varchar(255) COLLATE "C" NOT NULL,
  disk_format varchar(255) COLLATE "C",
  container_format varchar(255) COLLATE "C",
  min_disk_gb integer NOT NULL,
  min_ram_mb integer NOT NULL,
  protected boolean NOT NULL,
  tags text COLLATE "C" NOT NULL,
  properties text COLLATE "C" NOT NULL,
  size_bytes bigint,
  sha256 varchar(255) COLLATE "C",
  sha512 varchar(255) COLLATE "C",
  md5 varchar(255) COLLATE "C",
  created_at varchar(32) COLLATE "C" NOT NULL,
  updated_at varchar(32) COLLATE "C" NOT NULL,
  deleted_at varchar(32) COLLATE "C",
  position varchar(20) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX image_v1_visibility ON image_v1 (visibility, status, created_at, id);
CREATE INDEX image_v1_project ON image_v1 (project_id, status, created_at, id);
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
CREATE TABLE network_address_v1 (
  id varchar(512) COLLATE "C" NOT NULL,
  network_id varchar(255) COLLATE "C" NOT NULL,
  instance_id varchar(255) COLLATE "C" NOT NULL,
  address varchar(255) COLLATE "C" NOT NULL,
  mac varchar(255) COLLATE "C" NOT NULL,
  allocated_at varchar(32) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX network_address_v1_instance ON network_address_v1 (instance_id);
CREATE INDEX network_address_v1_address ON network_address_v1 (network_id, address);
CREATE TABLE network_v1 (
  id varchar(512) COLLATE "C" NOT NULL,
  label varchar(255) COLLATE "C" NOT NULL,
  bridge varchar(255) COLLATE "C" NOT NULL,
  cidr varchar(255) COLLATE "C" NOT NULL,
  gateway varchar(255) COLLATE "C" NOT NULL,
  dns text COLLATE "C" NOT NULL,
  domain varchar(255) COLLATE "C" NOT NULL,
  mtu integer NOT NULL,
  range_start varchar(255) COLLATE "C" NOT NULL,
  range_end varchar(255) COLLATE "C" NOT NULL,
  used_addresses integer NOT NULL,
  deleted boolean NOT NULL,
  created_at varchar(32) COLLATE "C" NOT NULL,
  deleted_at varchar(32) COLLATE "C",
  PRIMARY KEY (id)
);
CREATE INDEX network_v1_label ON network_v1 (label);
CREATE TABLE project_v2 (
  id varchar(512) COLLATE "C" NOT NULL,
  name varchar(255) COLLATE "C" NOT NULL,
  domain_id varchar(255) COLLATE "C" NOT NULL,
  description text COLLATE "C" NOT NULL,
  enabled boolean NOT NULL,
  tags text COLLATE "C" NOT NULL,
  attributes text COLLATE "C" NOT NULL,
  created_at varchar(32) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX project_v2_name ON project_v2 (domain_id, name);
CREATE TABLE quota_reservation_v1 (
  id varchar(512) COLLATE "C" NOT NULL,
  project_id varchar(255) COLLATE "C" NOT NULL,
  amounts text COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX quota_reservation_v1_project ON quota_reservation_v1 (project_id);
CREATE TABLE quota_v2 (
  id varchar(512) COLLATE "C" NOT NULL,
  overrides text COLLATE "C" NOT NULL,
  usage text COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE TABLE role_assignment_v1 (
  id varchar(512) COLLATE "C" NOT NULL,
  project_id varchar(255) COLLATE "C" NOT NULL,
  user_id varchar(255) COLLATE "C" NOT NULL,
  role varchar(255) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX role_assignment_v1_user ON role_assignment_v1 (user_id);
CREATE INDEX role_assignment_v1_project ON role_assignment_v1 (project_id);
CREATE TABLE server_group_member_v1 (
  id varchar(512) COLLATE "C" NOT NULL,
  group_id varchar(255) COLLATE "C" NOT NULL,
  user_id varchar(255) COLLATE "C" NOT NULL,
  joined_at varchar(32) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX server_group_member_v1_group ON server_group_member_v1 (group_id, joined_at, id);
CREATE TABLE server_group_v1 (
  id varchar(512) COLLATE "C" NOT NULL,
  project_id varchar(255) COLLATE "C" NOT NULL,
  user_id varchar(255) COLLATE "C" NOT NULL,
  name varchar(255) COLLATE "C" NOT NULL,
  policy varchar(255) COLLATE "C" NOT NULL,
  created_at varchar(32) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX server_group_v1_project ON server_group_v1 (project_id, created_at, id);
CREATE TABLE server_v2 (
  id varchar(512) COLLATE "C" NOT NULL,
  project_id varchar(255) COLLATE "C" NOT NULL,
  user_id varchar(255) COLLATE "C" NOT NULL,
  number integer NOT NULL,
  name text COLLATE "C" NOT NULL,
  description text COLLATE "C",
  hostname text COLLATE "C" NOT NULL,
  vm_state varchar(255) COLLATE "C" NOT NULL,
  task_state varchar(255) COLLATE "C",
  power_state integer NOT NULL,
  deleted boolean NOT NULL,
  progress integer NOT NULL,
  flavor_id varchar(255) COLLATE "C" NOT NULL,
  flavor_name text COLLATE "C" NOT NULL,
  vcpus integer NOT NULL,
  ram_mb integer NOT NULL,
  root_gb integer NOT NULL,
  ephemeral_gb integer NOT NULL,
  swap_mb integer NOT NULL,
  image_id varchar(255) COLLATE "C" NOT NULL,
  kernel_id varchar(255) COLLATE "C",
  ramdisk_id varchar(255) COLLATE "C",
  key_name text COLLATE "C",
  public_key text COLLATE "C",
  metadata text COLLATE "C" NOT NULL,
  security_groups text COLLATE "C" NOT NULL,
  has_user_data boolean NOT NULL,
  auto_disk_config boolean NOT NULL,
  access_ip_v4 text COLLATE "C",
  access_ip_v6 text COLLATE "C",
  reservation_id varchar(255) COLLATE "C" NOT NULL,
  launch_index integer NOT NULL,
  availability_zone varchar(255) COLLATE "C",
  addresses text COLLATE "C" NOT NULL,
  fixed_ips text COLLATE "C" NOT NULL,
  network_count integer NOT NULL,
  host_id varchar(255) COLLATE "C",
  host_name text COLLATE "C",
  host_claimed boolean NOT NULL,
  generation integer NOT NULL,
  fault_code varchar(255) COLLATE "C",
  fault_message text COLLATE "C",
  fault_at varchar(32) COLLATE "C",
  locked boolean NOT NULL,
  locked_reason text COLLATE "C",
  created_at varchar(32) COLLATE "C" NOT NULL,
  updated_at varchar(32) COLLATE "C" NOT NULL,
  launched_at varchar(32) COLLATE "C",
  terminated_at varchar(32) COLLATE "C",
  deleted_at varchar(32) COLLATE "C",
  position varchar(20) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX server_v2_number ON server_v2 (number);
CREATE INDEX server_v2_host ON server_v2 (host_id, deleted);
CREATE INDEX server_v2_created ON server_v2 (deleted, created_at, id);
CREATE INDEX server_v2_project ON server_v2 (project_id, deleted, created_at, id);
CREATE TABLE user_v3 (
  id varchar(512) COLLATE "C" NOT NULL,
  name varchar(255) COLLATE "C" NOT NULL,
  domain_id varchar(255) COLLATE "C" NOT NULL,
  email text COLLATE "C",
  description text COLLATE "C" NOT NULL,
  enabled boolean NOT NULL,
  default_project_id varchar(255) COLLATE "C",
  attributes text COLLATE "C" NOT NULL,
  created_at varchar(32) COLLATE "C" NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX user_v3_name ON user_v3 (domain_id, name);
