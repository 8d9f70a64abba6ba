import type { StreamRef } from '../kernel/aggregate';
import { noReservations, type Reservations, type Unconfirmed } from '../kernel/reservations';
import { Table } from '../kernel/table';
import { type Amounts, DEFAULT_LIMITS, sumOf } from './resources';

/** The amounts that an owner uses of its project's quota. */
export interface Reservation {
  readonly owner: StreamRef;
  readonly amounts: Amounts;
  /** Of the owner's latest change. Absent: it has never changed. */
  readonly version?: number;
  /** Who made the owner, on whose own quota it counts, too. Absent: nobody's. */
  readonly userId?: string;
}

/** What one user has of the project's quota. */
export interface UserQuota {
  /** Limits that were set for the user; the project's hold for the rest. */
  readonly overrides: Amounts;
  /** The sum of the reservations of what the user made. */
  readonly usage: Amounts;
}

/** A reservation that nobody has confirmed. */
export interface Pending extends Unconfirmed {
  /** The same for all owners of one request, which succeeds or fails as a whole. */
  readonly group: string;
  /** `exists`: this owner does, others of the group may not. `undoing`: one owner of the group was never created. */
  readonly found: 'nothing' | 'exists' | 'undoing';
}

/** Reservations are kept by the name of the owner's stream. */
export interface Quota extends Reservations<Reservation, Pending> {
  /** Limits that were set for this project. */
  readonly overrides: Amounts;
  /** The sum of all reservations. */
  readonly usage: Amounts;
  /** Users who have limits of their own or use anything, by their ids. */
  readonly users: Table<UserQuota>;
}

export const empty: Quota = { overrides: {}, usage: {}, users: Table.empty(), ...noReservations() };

const NOTHING: UserQuota = { overrides: {}, usage: {} };

export const userQuota = ({ users }: Pick<Quota, 'users'>, userId: string): UserQuota => users.get(userId) ?? NOTHING;

/** The users after a change of one; those with neither limits nor usage are left out. */
export function withUser(users: Quota['users'], userId: string, change: Partial<UserQuota>): Quota['users'] {
  const after = { ...userQuota({ users }, userId), ...change };
  const isEmpty = Object.keys(after.overrides).length === 0 && Object.keys(after.usage).length === 0;
  return isEmpty ? users.delete(userId) : users.set(userId, after);
}

/** The users after the usage of one has grown or shrunk. */
export const withUsage = (
  users: Quota['users'],
  userId: string | undefined,
  more: Amounts,
  sign: 1 | -1,
): Quota['users'] =>
  userId === undefined
    ? users
    : withUser(users, userId, { usage: sumOf(userQuota({ users }, userId).usage, more, sign) });

/** nova's quota class `default`: its overrides are the limits of all projects that have none of their own. */
export const QUOTA_CLASS = { category: 'quota', id: 'class.default' } as const;

/** @param classLimits the overrides of `QUOTA_CLASS`. */
export const limitsOf = ({ overrides }: Pick<Quota, 'overrides'>, classLimits: Amounts = {}): Amounts => ({
  ...DEFAULT_LIMITS,
  ...classLimits,
  ...overrides,
});
