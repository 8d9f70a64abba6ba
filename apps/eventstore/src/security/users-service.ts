import { status, type handleUnaryCall, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import type { IUsersServer } from '@eventstore/db-client/generated/users_grpc_pb';
import * as messages from '@eventstore/db-client/generated/users_pb';
import { accessDenied, invalidArgument, unavailable, userConflict, userNotFound, WireError } from '../wire/errors';
import type { Callers, KnownCaller } from './callers';
import { hashPassword, verifyPassword } from './passwords';
import { isLoginName, type User } from './user';
import type { KnownUser, UserDirectory } from './user-directory';

const TICKS_PER_MS = 10_000n;

export interface UsersParts {
  readonly users: UserDirectory;
  readonly callers: Callers;
}

/** The fields that requests about a user share. */
interface Options {
  getLoginName(): string;
}

/**
 * EventStoreDB's users service. Administrators do everything; others may ask about themselves and change their own
 * password by telling the one that they have.
 */
export function usersHandlers(parts: UsersParts): IUsersServer {
  const service = new UsersService(parts);
  const admin = <Q extends { getOptions(): O | undefined }, O extends Options, R>(
    work: (options: O) => Promise<R>,
  ): handleUnaryCall<Q, R> => unary(parts, (caller) => caller.isAdmin, work);
  const handlers = {
    create: admin((options: messages.CreateReq.Options) => service.create(options)),
    update: admin((options: messages.UpdateReq.Options) => service.update(options)),
    delete: admin((options: messages.DeleteReq.Options) => service.delete(options.getLoginName())),
    enable: admin(async (options: messages.EnableReq.Options) => {
      await service.change(options.getLoginName(), { disabled: false });
      return new messages.EnableResp();
    }),
    disable: admin(async (options: messages.DisableReq.Options) => {
      await service.change(options.getLoginName(), { disabled: true });
      return new messages.DisableResp();
    }),
    resetPassword: admin(async (options: messages.ResetPasswordReq.Options) => {
      await service.change(options.getLoginName(), await hashOf(options.getNewPassword()));
      return new messages.ResetPasswordResp();
    }),
    changePassword: unary(
      parts,
      (caller, options: messages.ChangePasswordReq.Options) =>
        caller.isAdmin || caller.login === options.getLoginName(),
      (options) => service.changePassword(options),
    ),
    details: detailsHandler(parts, service),
  };
  return handlers;
}

class UsersService {
  constructor(private readonly parts: UsersParts) {}

  async create(options: messages.CreateReq.Options): Promise<messages.CreateResp> {
    const loginName = options.getLoginName();
    if (!isLoginName(loginName)) throw invalidArgument('the login name is empty, too long or has a character like ":"');
    const known = this.parts.users.find(loginName);
    if (known.user !== undefined) throw userConflict(loginName);
    const groups = options.getGroupsList();
    const hash = await hashOf(options.getPassword());
    const user: User = { loginName, fullName: options.getFullName(), groups, disabled: false, ...hash };
    await this.save(user, known.revision);
    return new messages.CreateResp();
  }

  /** Name and groups as given; the password only when one is given. */
  async update(options: messages.UpdateReq.Options): Promise<messages.UpdateResp> {
    const password = options.getPassword();
    const hash = password === '' ? {} : await hashOf(password);
    await this.change(options.getLoginName(), {
      fullName: options.getFullName(),
      groups: options.getGroupsList(),
      ...hash,
    });
    return new messages.UpdateResp();
  }

  async delete(login: string): Promise<messages.DeleteResp> {
    const { revision } = this.require(login);
    const outcome = await this.parts.users.remove(login, revision);
    if (outcome.kind !== 'done') throw failure(login, outcome.kind);
    return new messages.DeleteResp();
  }

  async changePassword(options: messages.ChangePasswordReq.Options): Promise<messages.ChangePasswordResp> {
    const login = options.getLoginName();
    const { user } = this.require(login);
    if (!(await verifyPassword(options.getCurrentPassword(), user))) throw accessDenied();
    await this.change(login, await hashOf(options.getNewPassword()));
    return new messages.ChangePasswordResp();
  }

  async change(login: string, change: Partial<User>): Promise<void> {
    const { user, revision } = this.require(login);
    await this.save({ ...user, ...change }, revision);
  }

  /** @throws WireError (user-not-found) */
  require(login: string): KnownUser & { readonly user: User } {
    const { user, ...rest } = this.parts.users.find(login);
    if (user === undefined) throw userNotFound(login);
    return { user, ...rest };
  }

  private async save(user: User, after: number): Promise<void> {
    const outcome = await this.parts.users.save(user, after);
    if (outcome.kind !== 'done') throw failure(user.loginName, outcome.kind);
  }
}

/** @throws WireError when there is no password */
async function hashOf(password: string): Promise<{ readonly salt: string; readonly hash: string }> {
  if (password === '') throw invalidArgument('the password is empty');
  return hashPassword(password);
}

/** Two changes of one user at a time: the second was decided on a record that is no more. */
const failure = (login: string, kind: string): WireError =>
  kind === 'unavailable' ? unavailable('the user could not be written') : userConflict(login);

function unary<Q extends { getOptions(): O | undefined }, O extends Options, R>(
  { callers }: UsersParts,
  allowed: (caller: KnownCaller, options: O) => boolean,
  work: (options: O) => Promise<R>,
): handleUnaryCall<Q, R> {
  return (call: ServerUnaryCall<Q, R>, callback: sendUnaryData<R>) => {
    const options = call.request.getOptions();
    const answer = async (): Promise<R> => {
      if (options === undefined) throw invalidArgument('options are missing');
      if (!allowed(callers.admit(call), options)) throw accessDenied();
      return work(options);
    };
    answer().then(
      (response) => {
        callback(null, response);
      },
      (error: unknown) => {
        callback(error instanceof WireError ? error : new WireError(status.UNKNOWN, 'the user could not be changed'));
      },
    );
  };
}

/** One user, or for administrators all of them when none is named. */
function detailsHandler({ callers, users }: UsersParts, service: UsersService): IUsersServer['details'] {
  return (call) => {
    const login = call.request.getOptions()?.getLoginName() ?? '';
    const caller = callers.admit(call);
    try {
      if (!caller.isAdmin && (login === '' || caller.login !== login)) throw accessDenied();
      for (const known of login === '' ? users.all() : [service.require(login)]) call.write(described(known));
      call.end();
    } catch (error) {
      call.emit('error', error);
    }
  };
}

function described({ user, changedMs }: KnownUser): messages.DetailsResp {
  const ticks = String(BigInt(changedMs) * TICKS_PER_MS);
  const details = new messages.DetailsResp.UserDetails()
    .setLoginName(user?.loginName ?? '')
    .setFullName(user?.fullName ?? '')
    .setGroupsList([...(user?.groups ?? [])])
    .setDisabled(user?.disabled ?? true)
    .setLastUpdated(new messages.DetailsResp.UserDetails.DateTime().setTicksSinceEpoch(ticks));
  return new messages.DetailsResp().setUserDetails(details);
}
