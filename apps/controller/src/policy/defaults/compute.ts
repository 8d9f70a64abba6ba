import type { Rules } from '../rule-set';

const MEMBER = 'rule:project_member_or_admin';
const READER = 'rule:project_reader_or_admin';
const ADMIN = 'rule:context_is_admin';
const ANYONE = '@';

/** Rules that nova 26 writes with one name for each action of an extension. */
const each = (extension: string, rule: string, ...actions: readonly string[]): Rules =>
  Object.fromEntries(actions.map((action) => [`os_compute_api:${extension}:${action}`, rule]));

/** nova 26.1's names and defaults (its policy reference), without the scopes that Keystone's tokens do not carry yet. */
export const COMPUTE_RULES: Rules = {
  context_is_admin: 'role:admin',
  admin_api: 'is_admin:True',
  admin_or_owner: 'is_admin:True or project_id:%(project_id)s',
  project_member_api: 'role:member and project_id:%(project_id)s',
  project_reader_api: 'role:reader and project_id:%(project_id)s',
  project_member_or_admin: 'rule:project_member_api or rule:context_is_admin',
  project_reader_or_admin: 'rule:project_reader_api or rule:context_is_admin',

  ...each('servers', READER, 'index', 'detail', 'show'),
  ...each('servers', ADMIN, 'index:get_all_tenants', 'detail:get_all_tenants', 'allow_all_filters', 'show:host_status'),
  ...each('servers', MEMBER, 'create', 'update', 'delete', 'start', 'stop', 'reboot', 'rebuild', 'resize'),
  ...each('servers', MEMBER, 'confirm_resize', 'revert_resize', 'create_image', 'trigger_crash_dump'),
  ...each('servers', MEMBER, 'create:attach_network', 'create:attach_volume', 'create:zero_disk_flavor'),
  ...each('servers', ADMIN, 'create:forced_host', 'create:requested_destination'),
  ...each('server-metadata', READER, 'index', 'show'),
  ...each('server-metadata', MEMBER, 'create', 'update', 'update_all', 'delete'),
  ...each('server-tags', READER, 'index', 'show'),
  ...each('server-tags', MEMBER, 'update', 'update_all', 'delete', 'delete_all'),
  ...each('os-pause-server', MEMBER, 'pause', 'unpause'),
  ...each('os-suspend-server', MEMBER, 'suspend', 'resume'),
  ...each('os-lock-server', MEMBER, 'lock', 'unlock'),
  ...each('os-lock-server', ADMIN, 'unlock:unlock_override'),
  ...each('os-shelve', MEMBER, 'shelve', 'unshelve'),
  ...each('os-shelve', ADMIN, 'shelve_offload'),
  ...each('os-deferred-delete', MEMBER, 'restore', 'force'),
  ...each('os-server-groups', READER, 'index', 'show'),
  ...each('os-server-groups', MEMBER, 'create', 'delete'),
  ...each('os-server-groups', ADMIN, 'index:all_projects'),
  'os_compute_api:os-rescue': MEMBER,
  'os_compute_api:os-unrescue': MEMBER,
  'os_compute_api:os-console-output': MEMBER,
  'os_compute_api:os-remote-consoles': MEMBER,
  'os_compute_api:os-create-backup': MEMBER,
  'os_compute_api:os-admin-password': MEMBER,
  'os_compute_api:os-extended-server-attributes': ADMIN,
  'os_compute_api:os-server-diagnostics': ADMIN,
  ...each('os-admin-actions', ADMIN, 'reset_state', 'inject_network_info'),
  ...each('os-instance-actions', READER, 'list', 'show'),
  ...each('os-instance-actions', ADMIN, 'events', 'events:details'),
  'os_compute_api:ips:index': READER,
  'os_compute_api:ips:show': READER,

  'os_compute_api:os-flavor-access': ADMIN,
  ...each('os-flavor-access', ADMIN, 'add_tenant_access', 'remove_tenant_access'),
  ...each('os-flavor-manage', ADMIN, 'create', 'update', 'delete'),
  ...each('os-flavor-extra-specs', ANYONE, 'index', 'show'),
  ...each('os-flavor-extra-specs', ADMIN, 'create', 'update', 'delete'),
  ...each('os-keypairs', `${ADMIN} or user_id:%(user_id)s`, 'index', 'show', 'create', 'delete'),

  'os_compute_api:os-networks': ADMIN,
  'os_compute_api:os-networks:list': READER,
  'os_compute_api:os-networks:show': READER,
  'os_compute_api:os-tenant-networks': ADMIN,
  'os_compute_api:os-tenant-networks:list': READER,
  'os_compute_api:os-tenant-networks:show': READER,
  'os_compute_api:os-security-groups': READER,
  ...each('os-security-groups', READER, 'get', 'show'),

  ...each('os-quota-sets', READER, 'show', 'detail'),
  'os_compute_api:os-quota-sets:defaults': ANYONE,
  ...each('os-quota-sets', ADMIN, 'update', 'delete'),
  ...each('os-quota-class-sets', ADMIN, 'show', 'update'),
  'os_compute_api:limits': ANYONE,
  'os_compute_api:limits:other_project': ADMIN,
  'os_compute_api:os-simple-tenant-usage:list': ADMIN,
  'os_compute_api:os-simple-tenant-usage:show': READER,

  ...each('os-services', ADMIN, 'list', 'update', 'delete'),
  'os_compute_api:os-availability-zone:list': ANYONE,
  'os_compute_api:os-availability-zone:detail': ADMIN,
  ...each('os-hosts', ADMIN, 'list', 'show', 'update', 'start', 'shutdown', 'reboot'),
  'os_compute_api:os-hypervisors': ADMIN,
  ...each('os-hypervisors', ADMIN, 'list', 'list-detail', 'show', 'statistics', 'uptime', 'search', 'servers'),
  ...each('os-aggregates', ADMIN, 'index', 'show', 'create', 'update', 'delete', 'add_host', 'remove_host'),
  'os_compute_api:os-aggregates:set_metadata': ADMIN,
  ...each('os-migrations', ADMIN, 'index'),
  'os_compute_api:extensions': ANYONE,
  'os_compute_api:flavors': ANYONE,
  'os_compute_api:os-floating-ips:list': READER,
  'os_compute_api:os-floating-ip-pools': ANYONE,
  'os_compute_api:os-security-groups:list': READER,
  'os_compute_api:os-volumes-attachments:index': READER,
};
