import { ProjectRow, RoleAssignmentRow, UserRow } from '@cairn/projections';
import {
  all,
  among,
  any,
  type Condition,
  equal,
  everything,
  exactly,
  type Filter,
  type Filters,
  hasItem,
  type ListDefinition,
  not,
  nothing,
  type TableList,
} from '../../../../application/lists';
import type { DomainRecord } from '../../../../identity/domains';
import { type Role, roleById } from '../../../../identity/roles';
import { flagged, flagWord, keystoneLists } from '../keystone-lists';

const byName = { keys: {}, usual: [{ column: 'name', direction: 'ASC' }] } as const;

export const USERS: TableList<UserRow> = {
  api: keystoneLists,
  entity: UserRow,
  key: 'id',
  scope: everything,
  filters: { name: exactly('name'), domain_id: exactly('domainId'), enabled: flagged('enabled') },
  sorting: byName,
};

type TagCondition = (tags: readonly Condition<ProjectRow>[]) => Condition<ProjectRow>;

/** `a,b` */
const tagged = (combined: TagCondition): Filter<ProjectRow> => ({
  read: ({ value }) => combined(value.split(',').map((tag) => hasItem('tags', tag))),
});

const OF_ITSELF: Filters<ProjectRow> = {
  name: exactly('name'),
  domain_id: exactly('domainId'),
  enabled: flagged('enabled'),
};

export const PROJECTS: TableList<ProjectRow> = {
  api: keystoneLists,
  entity: ProjectRow,
  key: 'id',
  scope: everything,
  filters: {
    ...OF_ITSELF,
    // a project stands directly under its domain, and is none
    parent_id: exactly('domainId'),
    is_domain: { read: ({ value }) => (flagWord(value) ? nothing() : everything()) },
    tags: tagged(all),
    'tags-any': tagged(any),
    'not-tags': tagged((tags) => not(all(tags))),
    'not-tags-any': tagged((tags) => not(any(tags))),
  },
  sorting: byName,
};

/** The projects in which a user has a role. */
export const projectsOf = (userId: string): TableList<ProjectRow> => ({
  ...PROJECTS,
  scope: () => among('id', RoleAssignmentRow, 'projectId', equal('userId', userId)),
  filters: OF_ITSELF,
});

/** Those that the user can log in to. */
export const openProjectsOf = (userId: string): TableList<ProjectRow> => {
  const projects = projectsOf(userId);
  return { ...projects, scope: (asking) => all([projects.scope(asking), equal('enabled', true)]), filters: {} };
};

const none = <R>(): Filter<R> => ({ read: nothing });

/** Roles belong to no domain. */
export const ROLE_LIST: ListDefinition<Role> = {
  api: keystoneLists,
  key: 'id',
  scope: everything,
  filters: { name: exactly('name'), domain_id: none() },
  sorting: byName,
};

export const DOMAIN_LIST: ListDefinition<DomainRecord> = {
  api: keystoneLists,
  key: 'id',
  scope: everything,
  filters: { name: exactly('name'), enabled: flagged('enabled') },
  sorting: byName,
};

const ofRole: Filter<RoleAssignmentRow> = {
  read: ({ value }) => {
    const role = roleById(value);
    return role === undefined ? nothing() : equal('role', role.name);
  },
};

/** Roles are given to users in projects only. */
export const ROLE_ASSIGNMENTS: TableList<RoleAssignmentRow> = {
  api: keystoneLists,
  entity: RoleAssignmentRow,
  key: 'id',
  scope: everything,
  filters: {
    'user.id': exactly('userId'),
    'scope.project.id': exactly('projectId'),
    'role.id': ofRole,
    'group.id': none(),
    'scope.domain.id': none(),
    'scope.system': none(),
  },
  sorting: { keys: {}, usual: [{ column: 'id', direction: 'ASC' }] },
};

/** Before roles count that others imply, each assignment of the user in the project counts. */
export const EFFECTIVE_ASSIGNMENTS: TableList<RoleAssignmentRow> = {
  ...ROLE_ASSIGNMENTS,
  filters: { ...ROLE_ASSIGNMENTS.filters, 'role.id': { read: everything } },
};
