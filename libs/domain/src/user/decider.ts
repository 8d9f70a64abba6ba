import { type Aggregate, type Context, plainSnapshot } from '../kernel/aggregate';
import { type Attributes, changesOf } from '../kernel/attributes';
import { DomainError, unreachable } from '../kernel/errors';
import { abandons, type Life, requireAbsent, requireLive } from '../kernel/owned';
import type { AbandonCreation } from '../kernel/reservations';
import type { Sealed } from '../kernel/sealed';
import type { Instant } from '../kernel/time';
import { userEvents } from './catalogue';
import { type FailedLogins, failuresWith, isLockedOut, type LockoutRule } from './lockout';

export interface UserRecord {
  readonly userId: string;
  readonly name: string;
  readonly domainId: string;
  readonly email: string | null;
  readonly description: string;
  readonly enabled: boolean;
  readonly defaultProjectId: string | null;
  /** A password hash (PHC string), sealed. Null: the user cannot log in by password. */
  readonly passwordHash: Sealed | null;
  /** Absent: none. */
  readonly attributes?: Attributes;
}

export type UserChanges = Partial<
  Pick<UserRecord, 'name' | 'email' | 'description' | 'enabled' | 'defaultProjectId' | 'attributes'>
>;

export type UserCommand =
  | { readonly type: 'CreateUser'; readonly data: UserRecord }
  | AbandonCreation
  | { readonly type: 'UpdateUser'; readonly data: UserChanges }
  /** With an epoch: only while the user is in it, because the proof that allows the change was given in it. */
  | { readonly type: 'ChangePassword'; readonly data: { readonly passwordHash: Sealed; readonly epoch?: number } }
  | { readonly type: 'RevokeToken'; readonly data: { readonly tokenId: string; readonly expiresAt: Instant } }
  /** Somebody gave a wrong password. A user who is locked out already fails without a record, and so cannot fill the log. */
  | { readonly type: 'RecordFailedLogin'; readonly data: LockoutRule & { readonly now: Instant } }
  /** The right password was given, or an administrator enabled the user. */
  | { readonly type: 'ForgetFailedLogins'; readonly data: Record<string, never> }
  | { readonly type: 'DeleteUser'; readonly data: Record<string, never> };

export type UserEvent =
  | { readonly type: 'user.created.v1'; readonly data: UserRecord }
  | { readonly type: 'user.creation-abandoned.v1'; readonly data: Record<string, never> }
  | { readonly type: 'user.updated.v1'; readonly data: UserChanges }
  | { readonly type: 'user.password-changed.v1'; readonly data: { readonly passwordHash: Sealed } }
  | { readonly type: 'user.token-revoked.v1'; readonly data: { readonly tokenId: string; readonly expiresAt: Instant } }
  | { readonly type: 'user.login-failed.v1'; readonly data: { readonly count: number } }
  | { readonly type: 'user.failed-logins-forgotten.v1'; readonly data: Record<string, never> }
  | { readonly type: 'user.deleted.v1'; readonly data: { readonly userId: string } };

export interface User {
  readonly life: Life;
  readonly record: UserRecord | undefined;
  /**
   * Grows whenever everything ends that was proven before: with another password, and when the user is disabled. A
   * proof or token of another epoch is worth nothing. It follows from the events alone, so no clock decides.
   */
  readonly epoch: number;
  /** Token id -> when it would have ended anyway; the oldest first. */
  readonly revokedTokens: Readonly<Record<string, Instant>>;
  /** Absent: the last login was right, or nobody counts them. */
  readonly failedLogins?: FailedLogins;
}

const forgotten = ({ failedLogins }: User): readonly UserEvent[] =>
  failedLogins === undefined ? [] : [{ type: 'user.failed-logins-forgotten.v1', data: {} }];

function withoutFailures({ failedLogins: _, ...state }: User): User {
  return state;
}

function decide(command: UserCommand, state: User): readonly UserEvent[] {
  if (command.type === 'CreateUser') {
    requireAbsent(state.life, 'user', command.data.userId);
    return [{ type: 'user.created.v1', data: command.data }];
  }
  if (command.type === 'AbandonCreation') {
    return abandons(state.life, 'user') ? [{ type: 'user.creation-abandoned.v1', data: {} }] : [];
  }
  requireLive(state.life, 'user');
  switch (command.type) {
    case 'UpdateUser': {
      const changes = changesOf({ ...state.record }, command.data);
      const updated = Object.keys(changes).length === 0 ? [] : [{ type: 'user.updated.v1', data: changes } as const];
      return [...updated, ...(command.data.enabled === true ? forgotten(state) : [])];
    }
    case 'RecordFailedLogin': {
      const { now, ...rule } = command.data;
      if (isLockedOut(state.failedLogins, rule, now)) return [];
      return [{ type: 'user.login-failed.v1', data: { count: failuresWith(state.failedLogins, rule, now) } }];
    }
    case 'ForgetFailedLogins':
      return forgotten(state);
    case 'ChangePassword': {
      const { epoch, passwordHash } = command.data;
      if (state.record?.passwordHash?.ciphertext === passwordHash.ciphertext) return [];
      if (epoch !== undefined && epoch !== state.epoch)
        throw new DomainError(
          'conflict',
          'user.changed-meanwhile',
          'The user was changed by another request meanwhile.',
        );
      return [{ type: 'user.password-changed.v1', data: { passwordHash } }];
    }
    case 'RevokeToken':
      return Object.hasOwn(state.revokedTokens, command.data.tokenId)
        ? []
        : [{ type: 'user.token-revoked.v1', data: command.data }];
    case 'DeleteUser':
      return [{ type: 'user.deleted.v1', data: { userId: state.record?.userId ?? '' } }];
    default:
      return unreachable(command);
  }
}

/** Tokens of earlier epochs are worth nothing in any case: none has to be remembered as revoked. */
const nextEpoch = (state: User): User => ({ ...state, epoch: state.epoch + 1, revokedTokens: {} });

/** How many revoked tokens are remembered one by one. One more ends all of the user's tokens. */
const MOST_REVOKED = 1_024;

/** A clock that was wrong for a while must not bring back what was revoked lately: the newest stay, expired or not. */
const ALWAYS_KEPT = 256;

function withoutExpired(revoked: User['revokedTokens'], at: Instant): User['revokedTokens'] {
  const all = Object.entries(revoked);
  if (all.length < ALWAYS_KEPT) return revoked;
  return Object.fromEntries(all.filter(([, until], i) => until >= at || i >= all.length - ALWAYS_KEPT));
}

function evolve(state: User, event: UserEvent, { at }: Context): User {
  switch (event.type) {
    case 'user.created.v1':
      return { ...state, life: 'live', record: event.data };
    case 'user.creation-abandoned.v1':
      return { ...state, life: 'abandoned' };
    case 'user.updated.v1': {
      if (state.record === undefined) return state;
      const record = { ...state.record, ...event.data };
      return { ...(event.data.enabled === false ? nextEpoch(state) : state), record };
    }
    case 'user.password-changed.v1':
      if (state.record === undefined) return state;
      return { ...nextEpoch(state), record: { ...state.record, passwordHash: event.data.passwordHash } };
    case 'user.token-revoked.v1': {
      const { tokenId, expiresAt } = event.data;
      const revokedTokens = { ...withoutExpired(state.revokedTokens, at), [tokenId]: expiresAt };
      return Object.keys(revokedTokens).length > MOST_REVOKED ? nextEpoch(state) : { ...state, revokedTokens };
    }
    case 'user.login-failed.v1':
      return { ...state, failedLogins: { count: event.data.count, lastAt: at } };
    case 'user.failed-logins-forgotten.v1':
      return withoutFailures(state);
    case 'user.deleted.v1':
      return { ...state, life: 'deleted' };
    default:
      return unreachable(event);
  }
}

export const user: Aggregate<User, UserCommand, UserEvent> = {
  initial: { life: 'absent', record: undefined, epoch: 0, revokedTokens: {} },
  decide,
  evolve,
  category: 'user',
  events: userEvents,
  schemaVersion: 1,
  snapshot: plainSnapshot(),
};
