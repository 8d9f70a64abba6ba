import { Entity, Index } from 'typeorm';
import { Id, Key } from '../columns';

/** A user has a role in a project; gone when it is revoked, or its project or user deleted. */
@Entity({ name: 'role_assignment_v1' })
@Index('role_assignment_v1_project', ['projectId'])
@Index('role_assignment_v1_user', ['userId'])
export class RoleAssignmentRow {
  /** `<project id>/<user id>/<role>`. */
  @Key() readonly id!: string;
  @Id() readonly projectId!: string;
  @Id() readonly userId!: string;
  /** The role's name. */
  @Id() readonly role!: string;
}

export const roleAssignmentKey = (projectId: string, userId: string, role: string): string =>
  `${projectId}/${userId}/${role}`;
