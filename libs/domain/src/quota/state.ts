import type { StreamRef } from '../kernel/aggregate';
import { noReservations, type Reservations, type Unconfirmed } from '../kernel/reservations';
import { type Amounts, DEFAULT_LIMITS } from './resources';

/** The amounts that an owner uses of its project's quota. */
export interface Reservation {
  readonly owner: StreamRef;
  readonly amounts: Amounts;
  /** Of the owner's latest change. Absent: it has never changed. */
  readonly version?: number;
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
}

export const empty: Quota = { overrides: {}, usage: {}, ...noReservations() };

/** nova's quota class `default`: its overrides are the limits of all projects that have none of their own. */
export const QUOTA_CLASS = { category: 'quota', id: 'class.default' } as const;

/** @param classLimits the overrides of `QUOTA_CLASS`. */
export const limitsOf = ({ overrides }: Pick<Quota, 'overrides'>, classLimits: Amounts = {}): Amounts => ({
  ...DEFAULT_LIMITS,
  ...classLimits,
  ...overrides,
});
