import { DomainError, type Project, type User } from '@cairn/domain';
import type { Executor } from '../../runtime/ports';
import { type ProjectView, type UserView, viewOfProject, viewOfUser } from './views';

export const userStream = (id: string) => ({ category: 'user', id }) as const;
export const projectStream = (id: string) => ({ category: 'project', id }) as const;

const noUser = (id: string): DomainError =>
  new DomainError('not-found', 'user.not-found', `Could not find user: ${id}.`, { id });
const noProject = (id: string): DomainError =>
  new DomainError('not-found', 'project.not-found', `Could not find project: ${id}.`, { id });

/** Ids of users and projects; what has another form needs not be looked up in the log. */
const ID = /^[0-9a-f]{32}$/;

/** A user as the log has it now. */
export const userNow = async (executor: Executor, id: string): Promise<UserView | undefined> =>
  ID.test(id) ? viewOfUser(await executor.state<User>(userStream(id))) : undefined;

export const projectNow = async (executor: Executor, id: string): Promise<ProjectView | undefined> =>
  ID.test(id) ? viewOfProject(await executor.state<Project>(projectStream(id))) : undefined;

/** @throws DomainError `user.not-found`. */
export async function requireUser(executor: Executor, id: string): Promise<UserView> {
  const view = await userNow(executor, id);
  if (view === undefined) throw noUser(id);
  return view;
}

/** @throws DomainError `project.not-found`. */
export async function requireProject(executor: Executor, id: string): Promise<ProjectView> {
  const view = await projectNow(executor, id);
  if (view === undefined) throw noProject(id);
  return view;
}
