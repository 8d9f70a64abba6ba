import type { Rules } from '../rule-set';

const ADMIN = 'rule:admin_required';
const ADMIN_OR_SELF = 'rule:admin_required or user_id:%(target.user.id)s';
const ADMIN_OR_TOKEN_OWNER = 'rule:admin_required or user_id:%(target.token.user_id)s';

const each = (rule: string, ...actions: readonly string[]): Rules =>
  Object.fromEntries(actions.map((action) => [`identity:${action}`, rule]));

/** Keystone 22's names; its defaults for tokens that are scoped to a project (its policy reference). */
export const IDENTITY_RULES: Rules = {
  admin_required: 'role:admin',

  ...each(ADMIN, 'list_domains', 'create_domain', 'update_domain', 'delete_domain'),
  'identity:get_domain': `${ADMIN} or domain_id:%(target.domain.id)s`,
  ...each(ADMIN, 'list_projects', 'create_project', 'update_project', 'delete_project'),
  // Keystone asks for a token of the project; a user with a role in it could get one
  'identity:get_project': `${ADMIN} or project_id:%(target.project.id)s or True:%(target.project.has_role)s`,
  ...each(ADMIN, 'update_project_tags', 'create_project_tag', 'delete_project_tag', 'delete_project_tags'),
  ...each(`${ADMIN} or project_id:%(target.project.id)s`, 'list_project_tags', 'get_project_tag'),
  ...each(ADMIN, 'list_users', 'create_user', 'update_user', 'delete_user'),
  ...each(ADMIN_OR_SELF, 'get_user', 'list_user_projects'),
  'identity:change_password': 'user_id:%(target.user.id)s',
  ...each(ADMIN, 'list_roles', 'get_role', 'create_role', 'update_role', 'delete_role'),
  ...each(ADMIN, 'list_role_assignments', 'list_grants', 'check_grant', 'create_grant', 'revoke_grant'),
  ...each(ADMIN, 'list_services', 'get_service', 'list_endpoints', 'get_endpoint'),
  ...each(ADMIN_OR_TOKEN_OWNER, 'validate_token', 'check_token', 'revoke_token'),
  ...each('@', 'get_auth_catalog', 'get_auth_projects', 'get_auth_domains', 'list_regions', 'get_region'),
};
