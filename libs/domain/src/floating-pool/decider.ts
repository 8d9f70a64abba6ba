import { type Aggregate, type Context, streamName, type StreamRef } from '../kernel/aggregate';
import type { Effect } from '../kernel/effect';
import { DomainError, unreachable } from '../kernel/errors';
import {
  noReservations,
  type Reservations,
  settleAfter,
  settleReservation,
  type Unconfirmed,
  withConfirmed,
  withoutReservation,
  withReservation,
} from '../kernel/reservations';
import { Table } from '../kernel/table';
import { tableSnapshot } from '../kernel/table-snapshot';
import { deriveId } from '../ids';
import { parseIpv4 } from '../network/ipv4';
import { floatingPoolEvents } from './catalogue';
import type { FloatingGrant, FloatingPoolEvent, FloatingRange } from './events';
import { type Bounds, commonAddress, isIn, nextFree, withoutRange } from './ranges';

type Owned = { readonly owner: StreamRef };

export type FloatingPoolCommand =
  /** Makes the pool as well, if there is none yet. */
  | {
      readonly type: 'AddFloatingRange';
      readonly data: FloatingRange & { readonly poolId: string; readonly name: string };
    }
  | { readonly type: 'RemoveFloatingRange'; readonly data: Bounds }
  /** Holds an address for an owner that is about to be made. @property address a certain one, or null for any. */
  | { readonly type: 'ReserveFloatingAddress'; readonly data: Owned & { readonly address: string | null } }
  | { readonly type: 'ConfirmFloatingAddress'; readonly data: Owned }
  | { readonly type: 'ReleaseFloatingAddress'; readonly data: Owned };

/** An external network, as far as its addresses go out to projects. Another one may have the same addresses. */
export interface FloatingPool extends Reservations<FloatingGrant, Unconfirmed> {
  readonly poolId: string | undefined;
  readonly name: string;
  readonly ranges: readonly FloatingRange[];
  /** Address -> key of its owner. */
  readonly taken: Table<string>;
  /** The address that was given out last. */
  readonly last: string | undefined;
}

/** The pool of that name: names of pools are unique, so that no registry has to hold them. */
export const floatingPoolId = (name: string): string => deriveId('floating-pool', name);

const invalid = (message: string): DomainError => new DomainError('invalid', 'floating-pool.invalid', message);

function add(
  { poolId, name, ...range }: Extract<FloatingPoolCommand, { type: 'AddFloatingRange' }>['data'],
  state: FloatingPool,
): readonly FloatingPoolEvent[] {
  const [first, last] = [parseIpv4(range.first), parseIpv4(range.last)];
  if (first === undefined || last === undefined || first > last)
    throw invalid(`${range.first} to ${range.last} is no range of IPv4 addresses.`);
  const known = commonAddress(state.ranges, range);
  if (known !== undefined)
    throw new DomainError('conflict', 'floating-pool.address-exists', `Floating IP ${known} already exists.`);
  const created: FloatingPoolEvent = { type: 'floating-pool.created.v1', data: { poolId, name } };
  const added: FloatingPoolEvent = { type: 'floating-pool.range-added.v1', data: range };
  return state.poolId === undefined ? [created, added] : [added];
}

function remove(bounds: Bounds, { ranges, held }: FloatingPool): readonly FloatingPoolEvent[] {
  if (commonAddress(ranges, bounds) === undefined) return [];
  const used = [...held.values()].find(({ address }) => isIn(bounds, address));
  if (used !== undefined)
    throw new DomainError('conflict', 'floating-pool.address-in-use', `Floating IP ${used.address} is in use.`);
  return [{ type: 'floating-pool.range-removed.v1', data: { first: bounds.first, last: bounds.last } }];
}

function reserve(
  { owner, address: asked }: Extract<FloatingPoolCommand, { type: 'ReserveFloatingAddress' }>['data'],
  state: FloatingPool,
  { at }: Context,
): readonly FloatingPoolEvent[] {
  if (state.held.has(streamName(owner))) return [];
  const address = asked === null ? nextFree(state.ranges, state.taken, state.last) : free(state, asked);
  if (address === undefined)
    throw new DomainError('not-found', 'floating-pool.exhausted', `No more floating IPs in pool ${state.name}.`);
  const leadsOut = state.ranges.find((range) => isIn(range, address))?.interface ?? null;
  return [
    {
      type: 'floating-pool.address-reserved.v1',
      data: { owner, address, interface: leadsOut, settleAfter: settleAfter(at) },
    },
  ];
}

function requirePool({ poolId }: FloatingPool): void {
  if (poolId !== undefined) return;
  throw new DomainError('not-found', 'floating-pool.not-found', 'Floating IP pool not found.');
}

const free = ({ ranges, taken }: FloatingPool, address: string): string | undefined =>
  ranges.some((range) => isIn(range, address)) && !taken.has(address) ? address : undefined;

function decide(command: FloatingPoolCommand, state: FloatingPool, context: Context): readonly FloatingPoolEvent[] {
  switch (command.type) {
    case 'AddFloatingRange':
      return add(command.data, state);
    case 'RemoveFloatingRange':
      requirePool(state);
      return remove(command.data, state);
    case 'ReserveFloatingAddress':
      requirePool(state);
      return reserve(command.data, state, context);
    case 'ConfirmFloatingAddress': {
      const { owner } = command.data;
      if (!state.unconfirmed.has(streamName(owner))) return [];
      return [{ type: 'floating-pool.address-confirmed.v1', data: { owner } }];
    }
    case 'ReleaseFloatingAddress': {
      const grant = state.held.get(streamName(command.data.owner));
      if (grant === undefined) return [];
      return [{ type: 'floating-pool.address-released.v1', data: { owner: grant.owner, address: grant.address } }];
    }
    default:
      return unreachable(command);
  }
}

function evolve(state: FloatingPool, event: FloatingPoolEvent): FloatingPool {
  switch (event.type) {
    case 'floating-pool.created.v1':
      return { ...state, poolId: event.data.poolId, name: event.data.name };
    case 'floating-pool.range-added.v1':
      return { ...state, ranges: [...state.ranges, event.data] };
    case 'floating-pool.range-removed.v1':
      return { ...state, ranges: withoutRange(state.ranges, event.data) };
    case 'floating-pool.address-reserved.v1': {
      const { settleAfter: from, ...grant } = event.data;
      const key = streamName(grant.owner);
      const reserved = withReservation(state, key, grant, { owner: grant.owner, settleAfter: from });
      return { ...state, ...reserved, taken: state.taken.set(grant.address, key), last: grant.address };
    }
    case 'floating-pool.address-confirmed.v1':
      return { ...state, ...withConfirmed(state, [streamName(event.data.owner)]) };
    case 'floating-pool.address-released.v1': {
      const { owner, address } = event.data;
      return { ...state, ...withoutReservation(state, streamName(owner)), taken: state.taken.delete(address) };
    }
    default:
      return unreachable(event);
  }
}

const due = (state: FloatingPool): readonly Effect[] =>
  [...state.unconfirmed.values()].map((pending) =>
    settleReservation(pending, [pending.owner.id, 'settle-floating-address'], {
      abandoned: { type: 'ReleaseFloatingAddress', data: { owner: pending.owner } },
      exists: { type: 'ConfirmFloatingAddress', data: { owner: pending.owner } },
    }),
  );

export type FloatingPoolAnswers = {
  /** Undefined when it has been released since. */
  readonly ReserveFloatingAddress: FloatingGrant | undefined;
};

const EMPTY: FloatingPool = {
  poolId: undefined,
  name: '',
  ranges: [],
  taken: Table.empty(),
  last: undefined,
  ...noReservations(),
};

export const floatingpool: Aggregate<FloatingPool, FloatingPoolCommand, FloatingPoolEvent, FloatingPoolAnswers> = {
  initial: EMPTY,
  decide,
  evolve,
  answer: (command, { held }) =>
    command.type === 'ReserveFloatingAddress' ? held.get(streamName(command.data.owner)) : undefined,
  due,
  owes: { commands: ['AbandonCreation'], jobs: [], places: false },
  category: 'floatingpool',
  events: floatingPoolEvents,
  schemaVersion: 1,
  growing: true,
  snapshot: tableSnapshot({ held: true, unconfirmed: true, taken: true }),
};
