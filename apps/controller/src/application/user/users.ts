import { Inject, Injectable } from '@nestjs/common';
import { DomainError, type StreamOf, streamRef } from '@cairn/domain';
import type { Executor } from '../../runtime/ports';
import { EXECUTOR } from '../core';
import { isKeystoneId } from '../../identity/roles';
import { type UserView, viewOfUser } from './views';

export const userStream = (id: string): StreamOf<'user'> => streamRef('user', id);

const noUser = (id: string): DomainError =>
  new DomainError('not-found', 'user.not-found', `Could not find user: ${id}.`, { id });

/** A user as the log has it now. An id of another form needs not be looked up in the log. */
export const userNow = async (executor: Executor, id: string): Promise<UserView | undefined> =>
  isKeystoneId(id) ? viewOfUser(await executor.state(userStream(id))) : undefined;

/** @throws DomainError `user.not-found`. */
export async function requireUser(executor: Executor, id: string): Promise<UserView> {
  const view = await userNow(executor, id);
  if (view === undefined) throw noUser(id);
  return view;
}

/** Reads single users from the log, so that a reader sees every earlier write. */
@Injectable()
export class Users {
  constructor(@Inject(EXECUTOR) private readonly executor: Executor) {}

  /** @throws DomainError `user.not-found`. */
  require(id: string): Promise<UserView> {
    return requireUser(this.executor, id);
  }
}
