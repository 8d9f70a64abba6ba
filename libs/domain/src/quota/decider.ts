import { type Aggregate, type Context, streamName, type StreamRef } from '../kernel/aggregate';
import { unreachable } from '../kernel/errors';
import { settleAfter, withConfirmed, withoutReservation, withReservation } from '../kernel/reservations';
import { tableSnapshot } from '../kernel/table-snapshot';
import type { Instant } from '../kernel/time';
import { quotaEvents } from './catalogue';
import { requireRoom, setLimits, setUserLimits } from './limits';
import type { QuotaCommand, QuotaEvent, ReservationChange } from './messages';
import { type Amounts, sumOf } from './resources';
import { due, ownerFound, ownerMissing, released } from './settlement';
import { empty, limitsOf, type Pending, type Quota, userQuota, withUsage, withUser } from './state';

function reserve(
  { reservations: asked, classLimits }: Extract<QuotaCommand, { type: 'ReserveQuota' }>['data'],
  state: Quota,
  at: Instant,
): readonly QuotaEvent[] {
  const once = new Map(asked.map((one) => [streamName(one.owner), one]));
  const fresh = [...once].flatMap(([key, one]) => (state.held.has(key) ? [] : [one]));
  if (fresh.length === 0) return [];
  const ofUsers = new Map<string, Amounts>();
  for (const { userId, amounts } of fresh)
    if (userId !== undefined) ofUsers.set(userId, sumOf(ofUsers.get(userId) ?? {}, amounts));
  requireRoom(
    fresh.reduce((sum, { amounts }) => sumOf(sum, amounts), {}),
    { ...state, overrides: { ...classLimits, ...state.overrides } },
    ofUsers,
  );
  return [{ type: 'quota.reserved.v2', data: { reservations: fresh, settleAfter: settleAfter(at) } }];
}

/**
 * An owner without a reservation does not count any more; it is about to be deleted.
 * @param requireRoomFor throws if there is no room for so much more.
 */
function changeReservation(
  { owner, amounts, version }: ReservationChange,
  state: Quota,
  requireRoomFor: (growth: Amounts, userId: string | undefined) => void,
): readonly QuotaEvent[] {
  const held = state.held.get(streamName(owner));
  if (held === undefined || (held.version ?? -1) >= version) return [];
  const after = { ...held.amounts, ...amounts };
  const growth = Object.entries(sumOf(after, held.amounts, -1)).filter(([, more]) => more > 0);
  requireRoomFor(Object.fromEntries(growth), held.userId);
  return [{ type: 'quota.reservation-changed.v1', data: { owner, amounts: after, version } }];
}

function decide(command: QuotaCommand, state: Quota, { at }: Context): readonly QuotaEvent[] {
  switch (command.type) {
    case 'SetQuotaLimits':
      return setLimits(command.data, state);
    case 'SetUserQuotaLimits':
      return setUserLimits(command.data, state);
    case 'ReserveQuota':
      return reserve(command.data, state, at);
    case 'ChangeReservation': {
      const overrides = { ...command.data.classLimits, ...state.overrides };
      return changeReservation(command.data, state, (more, userId) => {
        requireRoom(more, { ...state, overrides }, new Map(userId === undefined ? [] : [[userId, more]]));
      });
    }
    case 'SettleReservation':
      return changeReservation(command.data, state, () => undefined);
    case 'ConfirmQuota': {
      const owners = command.data.owners.filter((owner) => {
        const pending = state.unconfirmed.get(streamName(owner));
        return pending !== undefined && pending.found !== 'undoing'; // an undone request cannot be confirmed
      });
      return owners.length === 0 ? [] : [{ type: 'quota.confirmed.v2', data: { owners } }];
    }
    case 'ReleaseQuota':
      return released(command.data.owner, state);
    case 'RecordOwnerFound':
      return ownerFound(command.data.owner, state);
    case 'RecordOwnerMissing':
      return ownerMissing(command.data.owner, state);
    default:
      return unreachable(command);
  }
}

function found(state: Quota, owners: readonly StreamRef[], what: Pending['found']): Quota {
  let { unconfirmed } = state;
  for (const key of owners.map(streamName)) {
    const pending = unconfirmed.get(key);
    if (pending !== undefined) unconfirmed = unconfirmed.set(key, { ...pending, found: what });
  }
  return { ...state, unconfirmed };
}

function evolve(state: Quota, event: QuotaEvent): Quota {
  switch (event.type) {
    case 'quota.limits-set.v2':
      return { ...state, overrides: withChanges(state.overrides, event.data.limits) };
    case 'quota.user-limits-set.v1': {
      const { userId, limits } = event.data;
      const overrides = withChanges(userQuota(state, userId).overrides, limits);
      return { ...state, users: withUser(state.users, userId, { overrides }) };
    }
    case 'quota.reserved.v2':
      return withReservations(state, event.data);
    case 'quota.reservation-changed.v1': {
      const key = streamName(event.data.owner);
      const held = state.held.get(key);
      if (held === undefined) return state;
      const usage = sumOf(sumOf(state.usage, held.amounts, -1), event.data.amounts);
      const { userId } = held;
      const users = withUsage(withUsage(state.users, userId, held.amounts, -1), userId, event.data.amounts, 1);
      const changed = { ...event.data, ...(userId === undefined ? {} : { userId }) };
      return { ...state, held: state.held.set(key, changed), usage, users };
    }
    case 'quota.confirmed.v2':
      return { ...state, ...withConfirmed(state, event.data.owners.map(streamName)) };
    case 'quota.owner-found.v1':
      return found(state, [event.data.owner], 'exists');
    case 'quota.undo-requested.v2':
      return found(state, event.data.owners, 'undoing');
    case 'quota.released.v2': {
      const key = streamName(event.data.owner);
      const held = state.held.get(key);
      if (held === undefined) return state;
      return {
        ...state,
        ...withoutReservation(state, key),
        usage: sumOf(state.usage, held.amounts, -1),
        users: withUsage(state.users, held.userId, held.amounts, -1),
      };
    }
    default:
      return unreachable(event);
  }
}

function withReservations(
  state: Quota,
  { reservations, settleAfter: from }: Extract<QuotaEvent, { type: 'quota.reserved.v2' }>['data'],
): Quota {
  const [first] = reservations;
  // with the time: after a release the same owner may reserve again, beside other owners
  const group = `${first === undefined ? '' : streamName(first.owner)} ${from}`;
  return reservations.reduce((before: Quota, one) => {
    const pending: Pending = { owner: one.owner, settleAfter: from, group, found: 'nothing' };
    return {
      ...before,
      ...withReservation(before, streamName(one.owner), one, pending),
      usage: sumOf(before.usage, one.amounts),
      users: withUsage(before.users, one.userId, one.amounts, 1),
    };
  }, state);
}

/** Limits after some were set; null takes one away. */
export function withChanges(limits: Amounts, changes: Readonly<Record<string, number | null>>): Amounts {
  const merged = Object.entries({ ...limits, ...changes });
  return Object.fromEntries(merged.flatMap(([name, limit]) => (limit === null ? [] : [[name, limit] as const])));
}

/** Every command answers with all limits and the usage. */
export type QuotaAnswers = Readonly<
  Record<QuotaCommand['type'], { readonly limits: Amounts; readonly usage: Amounts }>
>;

export const quota: Aggregate<Quota, QuotaCommand, QuotaEvent, QuotaAnswers> = {
  initial: empty,
  decide,
  evolve,
  answer: (_command, state) => ({ limits: limitsOf(state), usage: state.usage }),
  due,
  owes: { commands: ['AbandonCreation', 'UndoCreation'], jobs: [], places: false },
  category: 'quota',
  events: quotaEvents,
  schemaVersion: 4,
  growing: true,
  snapshot: tableSnapshot({ held: true, unconfirmed: true, users: true }),
};
