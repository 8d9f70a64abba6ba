import type { Project, User } from '@cairn/domain';
import type { ProjectRow, UserRow } from '@cairn/projections';

/** A user as façades present it. */
export type UserView = Pick<
  UserRow,
  'id' | 'name' | 'domainId' | 'email' | 'description' | 'enabled' | 'defaultProjectId' | 'attributes'
>;

/** A project as façades present it. */
export type ProjectView = Pick<
  ProjectRow,
  'id' | 'name' | 'domainId' | 'description' | 'enabled' | 'tags' | 'attributes'
>;

/** From the log instead of the read model; undefined for a user that is not there. */
export function viewOfUser({ life, record }: User): UserView | undefined {
  if (life !== 'live' || record === undefined) return undefined;
  const { userId: id, name, domainId, email, description, enabled, defaultProjectId, attributes = {} } = record;
  return { id, name, domainId, email, description, enabled, defaultProjectId, attributes };
}

export function viewOfProject({ life, record }: Project): ProjectView | undefined {
  if (life !== 'live' || record === undefined) return undefined;
  const { projectId: id, name, domainId, description, enabled, tags = [], attributes = {} } = record;
  return { id, name, domainId, description, enabled, tags, attributes };
}
