import { Inject, Injectable } from '@nestjs/common';
import { DomainError, rolesOf, type StreamOf, streamRef } from '@cairn/domain';
import type { Executor } from '../../runtime/ports';
import { EXECUTOR } from '../core';
import { isKeystoneId } from '../../identity/roles';
import { type ProjectView, viewOfProject } from '../user/views';

export const projectStream = (id: string): StreamOf<'project'> => streamRef('project', id);

const noProject = (id: string): DomainError =>
  new DomainError('not-found', 'project.not-found', `Could not find project: ${id}.`, { id });

/** A project as the log has it now. An id of another form needs not be looked up in the log. */
export const projectNow = async (executor: Executor, id: string): Promise<ProjectView | undefined> =>
  isKeystoneId(id) ? viewOfProject(await executor.state(projectStream(id))) : undefined;

/** @throws DomainError `project.not-found`. */
export async function requireProject(executor: Executor, id: string): Promise<ProjectView> {
  const view = await projectNow(executor, id);
  if (view === undefined) throw noProject(id);
  return view;
}

/** Reads single projects from the log, so that a reader sees every earlier write. */
@Injectable()
export class Projects {
  constructor(@Inject(EXECUTOR) private readonly executor: Executor) {}

  find(id: string): Promise<ProjectView | undefined> {
    return projectNow(this.executor, id);
  }

  /** @throws DomainError `project.not-found`. */
  require(id: string): Promise<ProjectView> {
    return requireProject(this.executor, id);
  }

  /** The names of a user's roles in a project. */
  async rolesOf(id: string, userId: string): Promise<readonly string[]> {
    return !isKeystoneId(id) ? [] : rolesOf(await this.executor.state(projectStream(id)), userId);
  }
}
