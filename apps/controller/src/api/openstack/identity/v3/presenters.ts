import type { DomainRecord } from '../../../../identity/domains';
import type { Role } from '../../../../identity/roles';
import type { ProjectView, UserView } from '../../../../application/user/views';

/** @param v3 the URL of the v3 API. */
export const presentUser = (user: UserView, v3: string): object => ({
  ...user.attributes,
  id: user.id,
  name: user.name,
  domain_id: user.domainId,
  enabled: user.enabled,
  description: user.description,
  ...(user.email === null ? {} : { email: user.email }),
  default_project_id: user.defaultProjectId,
  options: {},
  password_expires_at: null,
  links: { self: `${v3}/users/${user.id}` },
});

/** A project stands directly under its domain. */
export const presentProject = (project: ProjectView, v3: string): object => ({
  ...project.attributes,
  id: project.id,
  name: project.name,
  domain_id: project.domainId,
  description: project.description,
  enabled: project.enabled,
  parent_id: project.domainId,
  is_domain: false,
  tags: project.tags,
  options: {},
  links: { self: `${v3}/projects/${project.id}` },
});

export const presentRole = ({ id, name }: Role, v3: string): object => ({
  id,
  name,
  domain_id: null,
  description: null,
  options: {},
  links: { self: `${v3}/roles/${id}` },
});

export const presentDomain = ({ id, name, description, enabled }: DomainRecord, v3: string): object => ({
  id,
  name,
  description,
  enabled,
  tags: [],
  options: {},
  links: { self: `${v3}/domains/${id}` },
});
