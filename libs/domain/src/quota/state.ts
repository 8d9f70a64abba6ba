import type { StreamRef } from '../kernel/aggregate';
import { noReservations, type Reservations, type Unconfirmed } from '../kernel/reservations';
import { type Amounts, DEFAULT_LIMITS } from './resources';

/** What an owner counts for in its project's quota. */
export interface Reservation {
  readonly owner: StreamRef;
  readonly amounts: Amounts;
}

/** A reservation that nobody has confirmed. */
export interface Pending extends Unconfirmed {
  /** The same for all that were reserved at once: their request happens as a whole or not at all. */
  readonly group: string;
  /** `exists`: the owner does, but others of the group are not known yet. `undoing`: one of the group never came. */
  readonly found: 'nothing' | 'exists' | 'undoing';
}

/** Reservations are kept by the name of the owner's stream. */
export interface Quota extends Reservations<Reservation, Pending> {
  /** Limits that were set for this project. */
  readonly overrides: Amounts;
  /** What all reservations come to. */
  readonly usage: Amounts;
}

export const empty: Quota = { overrides: {}, usage: {}, ...noReservations() };

/** Holds as its overrides the limits of all projects that have none of their own: nova's quota class `default`. */
export const QUOTA_CLASS = { category: 'quota', id: 'class.default' } as const;

/** @param classLimits the overrides of `QUOTA_CLASS`. */
export const limitsOf = ({ overrides }: Pick<Quota, 'overrides'>, classLimits: Amounts = {}): Amounts => ({
  ...DEFAULT_LIMITS,
  ...classLimits,
  ...overrides,
});
