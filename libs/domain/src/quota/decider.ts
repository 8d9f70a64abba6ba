import { own } from '../kernel/own';
import { type Aggregate, type Context, streamName, type StreamRef } from '../kernel/aggregate';
import { DomainError, unreachable } from '../kernel/errors';
import { settleAfter, withConfirmed, withoutReservation, withReservation } from '../kernel/reservations';
import { tableSnapshot } from '../kernel/table-snapshot';
import type { Instant } from '../kernel/time';
import { quotaEvents } from './catalogue';
import type { QuotaCommand, QuotaEvent, ReservationChange } from './messages';
import { type Amounts, limitOf, quotaResource, sumOf } from './resources';
import { due, ownerFound, ownerMissing, released } from './settlement';
import { empty, limitsOf, type Pending, type Quota } from './state';

function reserve(
  { reservations: asked, classLimits }: Extract<QuotaCommand, { type: 'ReserveQuota' }>['data'],
  state: Quota,
  at: Instant,
): readonly QuotaEvent[] {
  const once = new Map(asked.map((one) => [streamName(one.owner), one]));
  const fresh = [...once].flatMap(([key, one]) => (state.held.has(key) ? [] : [one]));
  if (fresh.length === 0) return [];
  requireRoom(
    fresh.reduce((sum, { amounts }) => sumOf(sum, amounts), {}),
    { usage: state.usage, overrides: { ...classLimits, ...state.overrides } },
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
  requireRoomFor: (growth: Amounts) => void,
): readonly QuotaEvent[] {
  const held = state.held.get(streamName(owner));
  if (held === undefined || (held.version ?? -1) >= version) return [];
  const after = { ...held.amounts, ...amounts };
  const growth = Object.entries(sumOf(after, held.amounts, -1)).filter(([, more]) => more > 0);
  requireRoomFor(Object.fromEntries(growth));
  return [{ type: 'quota.reservation-changed.v1', data: { owner, amounts: after, version } }];
}

/** @throws DomainError in nova's words, which list the resources alphabetically. */
function requireRoom(asked: Amounts, { overrides, usage }: Pick<Quota, 'overrides' | 'usage'>): void {
  const over = Object.entries(asked).flatMap(([name, requested]) => {
    if (!quotaResource(name).counted)
      throw new DomainError('invalid', 'quota.not-counted', `The quota of ${name} is not counted by project.`);
    const [limit, used] = [limitOf(overrides, name), own(usage, name) ?? 0];
    return limit >= 0 && used + requested > limit ? [{ name, requested, used, limit }] : [];
  });
  if (over.length === 0) return;
  over.sort((a, b) => (a.name < b.name ? -1 : 1));
  const resources = over.map(({ name }) => name);
  const list = (which: 'requested' | 'used' | 'limit'): string => over.map((one) => String(one[which])).join(', ');
  throw new DomainError(
    'quota',
    'quota.exceeded',
    `Quota exceeded for ${resources.join(', ')}: Requested ${list('requested')}, ` +
      `but already used ${list('used')} of ${list('limit')} ${resources.join(', ')}`,
    { resources },
  );
}

function setLimits({ data }: Extract<QuotaCommand, { type: 'SetQuotaLimits' }>, state: Quota): readonly QuotaEvent[] {
  for (const [name, limit] of Object.entries(data.limits)) {
    const used = quotaResource(name).counted ? (own(state.usage, name) ?? 0) : 0;
    if (data.force || limit === null || limit < 0 || limit >= used) continue;
    throw new DomainError(
      'invalid',
      'quota.below-usage',
      `Quota limit ${String(limit)} for ${name} must be greater than or equal to already used and reserved ${String(used)}.`,
    );
  }
  const changed = Object.entries(data.limits).filter(([name, limit]) => (own(state.overrides, name) ?? null) !== limit);
  return changed.length === 0 ? [] : [{ type: 'quota.limits-set.v2', data: { limits: Object.fromEntries(changed) } }];
}

function decide(command: QuotaCommand, state: Quota, { at }: Context): readonly QuotaEvent[] {
  switch (command.type) {
    case 'SetQuotaLimits':
      return setLimits(command, state);
    case 'ReserveQuota':
      return reserve(command.data, state, at);
    case 'ChangeReservation': {
      const overrides = { ...command.data.classLimits, ...state.overrides };
      return changeReservation(command.data, state, (more) => {
        requireRoom(more, { usage: state.usage, overrides });
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
    case 'quota.reserved.v2':
      return withReservations(state, event.data);
    case 'quota.reservation-changed.v1': {
      const key = streamName(event.data.owner);
      const held = state.held.get(key);
      if (held === undefined) return state;
      const usage = sumOf(sumOf(state.usage, held.amounts, -1), event.data.amounts);
      return { ...state, held: state.held.set(key, event.data), usage };
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
      return { ...state, ...withoutReservation(state, key), usage: sumOf(state.usage, held.amounts, -1) };
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
  schemaVersion: 3,
  growing: true,
  snapshot: tableSnapshot({ held: true, unconfirmed: true }),
};
