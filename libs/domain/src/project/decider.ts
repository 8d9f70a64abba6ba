import { own } from '../kernel/own';
import type { Aggregate } from '../kernel/aggregate';
import { type Attributes, changesOf } from '../kernel/attributes';
import { bounded } from '../kernel/bounded';
import { DomainError, unreachable } from '../kernel/errors';
import { abandons, type Life, requireAbsent, requireLive } from '../kernel/owned';
import type { AbandonCreation } from '../kernel/reservations';
import { Table } from '../kernel/table';
import { tableSnapshot } from '../kernel/table-snapshot';
import { projectEvents } from './catalogue';

export interface ProjectRecord {
  readonly projectId: string;
  readonly name: string;
  readonly domainId: string;
  readonly description: string;
  readonly enabled: boolean;
  /** Words by which people find the project, in order, each once. Absent: none. */
  readonly tags?: readonly string[];
  /** Absent: none. */
  readonly attributes?: Attributes;
}

export type ProjectChanges = Partial<Pick<ProjectRecord, 'name' | 'description' | 'enabled' | 'tags' | 'attributes'>>;

export type ProjectCommand =
  | { readonly type: 'CreateProject'; readonly data: ProjectRecord }
  | AbandonCreation
  | { readonly type: 'UpdateProject'; readonly data: ProjectChanges }
  | { readonly type: 'TagProject'; readonly data: { readonly tag: string } }
  | { readonly type: 'UntagProject'; readonly data: { readonly tag: string } }
  | { readonly type: 'DeleteProject'; readonly data: Record<string, never> }
  | { readonly type: 'GrantRole'; readonly data: { readonly userId: string; readonly role: string } }
  | { readonly type: 'RevokeRole'; readonly data: { readonly userId: string; readonly role: string } };

export type ProjectEvent =
  | { readonly type: 'project.created.v1'; readonly data: ProjectRecord }
  | { readonly type: 'project.creation-abandoned.v1'; readonly data: Record<string, never> }
  | { readonly type: 'project.updated.v1'; readonly data: ProjectChanges }
  | { readonly type: 'project.deleted.v1'; readonly data: { readonly projectId: string } }
  | { readonly type: 'project.role-granted.v1'; readonly data: { readonly userId: string; readonly role: string } }
  | { readonly type: 'project.role-revoked.v1'; readonly data: { readonly userId: string; readonly role: string } };

export interface Project {
  readonly life: Life;
  readonly record: ProjectRecord | undefined;
  /** User id -> names of the roles that the user has in this project. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  /**
   * Grows whenever something of this project ends that tokens rest on: a role is taken, the project is disabled. A token
   * carries the epoch in which it was issued. It follows from the events alone, so no clock decides.
   */
  readonly epoch: number;
  /** Tokens of earlier epochs give nothing: the epoch that began when the project was last disabled, or a later one. */
  readonly openSince: number;
  /** `<user id>/<role>` -> the epoch that began when the user was last deprived of it. */
  readonly takenAt: Table<number>;
}

/** Keystone's limit. */
const MAX_TAGS = 80;

/** Roles of a user; ids come from outside, so that `constructor` is as good a key as any. */
export const rolesOf = (state: Project, userId: string): readonly string[] => own(state.roles, userId) ?? [];

const assignmentOf = (userId: string, role: string): string => `${userId}/${role}`;

/** How many assignments that ended are remembered one by one. */
const MOST_TAKEN = 512;

/** Of too many, the older half is forgotten: instead of them, all tokens of their epochs end. */
function taken(
  { takenAt, openSince }: Project,
  assignment: string,
  epoch: number,
): Pick<Project, 'takenAt' | 'openSince'> {
  const { kept, leftOut = 0 } = bounded(takenAt.set(assignment, epoch), MOST_TAKEN);
  return { takenAt: kept, openSince: Math.max(openSince, leftOut) };
}

/** The user's roles in an enabled project that a token of this epoch gives: none that was taken since, even if it was given back. */
export function rolesSince(state: Project, userId: string, epoch: number): readonly string[] {
  if (state.life !== 'live' || state.record?.enabled !== true || epoch < state.openSince) return [];
  return rolesOf(state, userId).filter((role) => epoch >= (state.takenAt.get(assignmentOf(userId, role)) ?? 0));
}

function decide(command: ProjectCommand, state: Project): readonly ProjectEvent[] {
  if (command.type === 'CreateProject') {
    requireAbsent(state.life, 'project', command.data.projectId);
    return [{ type: 'project.created.v1', data: command.data }];
  }
  if (command.type === 'AbandonCreation') {
    return abandons(state.life, 'project') ? [{ type: 'project.creation-abandoned.v1', data: {} }] : [];
  }
  requireLive(state.life, 'project');
  switch (command.type) {
    case 'UpdateProject': {
      const changes = changesOf({ tags: [], ...state.record }, command.data);
      return Object.keys(changes).length === 0 ? [] : [{ type: 'project.updated.v1', data: changes }];
    }
    case 'TagProject': {
      const tags = state.record?.tags ?? [];
      if (tags.includes(command.data.tag)) return [];
      if (tags.length >= MAX_TAGS)
        throw new DomainError('invalid', 'project.too-many-tags', `A project has at most ${String(MAX_TAGS)} tags.`);
      return [{ type: 'project.updated.v1', data: { tags: [...tags, command.data.tag].sort() } }];
    }
    case 'UntagProject': {
      const { tag } = command.data;
      const tags = state.record?.tags ?? [];
      if (!tags.includes(tag))
        throw new DomainError('not-found', 'project.tag-not-found', `Could not find project tag: ${tag}.`);
      return [{ type: 'project.updated.v1', data: { tags: tags.filter((each) => each !== tag) } }];
    }
    case 'DeleteProject':
      return [{ type: 'project.deleted.v1', data: { projectId: state.record?.projectId ?? '' } }];
    case 'GrantRole': {
      const { userId, role } = command.data;
      return rolesOf(state, userId).includes(role) ? [] : [{ type: 'project.role-granted.v1', data: command.data }];
    }
    case 'RevokeRole': {
      const { userId, role } = command.data;
      return rolesOf(state, userId).includes(role) ? [{ type: 'project.role-revoked.v1', data: command.data }] : [];
    }
    default:
      return unreachable(command);
  }
}

function evolve(state: Project, event: ProjectEvent): Project {
  switch (event.type) {
    case 'project.created.v1':
      return { ...state, life: 'live', record: event.data };
    case 'project.creation-abandoned.v1':
      return { ...state, life: 'abandoned' };
    case 'project.updated.v1': {
      if (state.record === undefined) return state;
      const after = { ...state, record: { ...state.record, ...event.data } };
      if (event.data.enabled !== false) return after;
      const epoch = state.epoch + 1;
      return { ...after, epoch, openSince: epoch };
    }
    case 'project.deleted.v1':
      return { ...state, life: 'deleted', roles: {} };
    case 'project.role-granted.v1': {
      const { userId, role } = event.data;
      return { ...state, roles: { ...state.roles, [userId]: [...rolesOf(state, userId), role] } };
    }
    case 'project.role-revoked.v1': {
      const { userId, role } = event.data;
      const { [userId]: _before, ...others } = state.roles;
      const left = rolesOf(state, userId).filter((r) => r !== role);
      const epoch = state.epoch + 1;
      return {
        ...state,
        roles: left.length === 0 ? others : { ...others, [userId]: left },
        epoch,
        ...taken(state, assignmentOf(userId, role), epoch),
      };
    }
    default:
      return unreachable(event);
  }
}

export const project: Aggregate<Project, ProjectCommand, ProjectEvent> = {
  initial: { life: 'absent', record: undefined, roles: {}, epoch: 0, openSince: 0, takenAt: Table.empty() },
  decide,
  evolve,
  category: 'project',
  events: projectEvents,
  schemaVersion: 1,
  snapshot: tableSnapshot({ takenAt: true }),
};
