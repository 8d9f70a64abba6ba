import { deriveId } from '../ids';
import type { Message, StreamRef } from './aggregate';
import type { CommandEffect } from './effect';
import { Table } from './table';
import { type Instant, later } from './time';

/**
 * A reservation holds something (quota, a name) for an owner that does not exist yet, since no write spans two streams.
 * The handler that creates the owner then confirms the reservation. If nobody does, the reserving stream settles it: it tells
 * the owner's stream to abandon the creation, and that stream refuses if the owner exists.
 */
export interface Reservations<Held, Pending extends Unconfirmed> {
  readonly held: Table<Held>;
  /** By the keys of `held`. */
  readonly unconfirmed: Table<Pending>;
}

/** A reservation whose owner is not known to exist. */
export interface Unconfirmed {
  readonly owner: StreamRef;
  readonly settleAfter: Instant;
}

/** For the owner's stream: refused if the owner was created; otherwise it can never be created any more. */
export interface AbandonCreation {
  readonly type: 'AbandonCreation';
  /** The owner's id. */
  readonly data: { readonly id: string };
}

/** For the owner's stream: deletes the owner if it was created, otherwise abandons the creation. Never refused. */
export interface UndoCreation {
  readonly type: 'UndoCreation';
  /** The owner's id, and why, in words that a tenant may read. */
  readonly data: { readonly id: string; readonly code: string; readonly message: string };
}

const SETTLE_AFTER_MS = 30_000;

/** When to settle a reservation that is made now: after 30 s. */
export const settleAfter = (now: Instant): Instant => later(now, SETTLE_AFTER_MS);

export const noReservations = <Held, Pending extends Unconfirmed>(): Reservations<Held, Pending> => ({
  held: Table.empty(),
  unconfirmed: Table.empty(),
});

export const withReservation = <Held, Pending extends Unconfirmed>(
  { held, unconfirmed }: Reservations<Held, Pending>,
  key: string,
  one: Held,
  pending: Pending,
): Reservations<Held, Pending> => ({ held: held.set(key, one), unconfirmed: unconfirmed.set(key, pending) });

export const withConfirmed = <Held, Pending extends Unconfirmed>(
  { held, unconfirmed }: Reservations<Held, Pending>,
  keys: readonly string[],
): Reservations<Held, Pending> => ({
  held,
  unconfirmed: keys.reduce((table, key) => table.delete(key), unconfirmed),
});

export const withoutReservation = <Held, Pending extends Unconfirmed>(
  { held, unconfirmed }: Reservations<Held, Pending>,
  key: string,
): Reservations<Held, Pending> => ({ held: held.delete(key), unconfirmed: unconfirmed.delete(key) });

/**
 * Settles one reservation.
 * @param name of the reservation, among all that the stream holds. The effect's id derives from it and from
 * `settleAfter`, so that a second reservation of the same name has an effect of its own.
 */
export const settleReservation = (
  { owner, settleAfter: from }: Unconfirmed,
  name: readonly string[],
  outcome: { readonly abandoned: Message; readonly exists: Message },
): CommandEffect => {
  const command: AbandonCreation = { type: 'AbandonCreation', data: { id: owner.id } };
  return {
    kind: 'command',
    id: deriveId(...name, from),
    notBefore: from,
    target: owner,
    command,
    onDone: () => outcome.abandoned,
    onRefused: () => outcome.exists,
  };
};
