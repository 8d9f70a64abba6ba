import type { Aggregate, Context } from '../kernel/aggregate';
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
import type { Instant } from '../kernel/time';
import { registryEvents } from './catalogue';

/**
 * Each `registry-<kind>` stream hands out numbers or holds unique names; no database does. A name is reserved before
 * its owner exists.
 */
export type RegistryCommand =
  | { readonly type: 'AllocateNumbers'; readonly data: { readonly ownerIds: readonly string[] } }
  | {
      readonly type: 'ClaimName';
      readonly data: { readonly name: string; readonly ownerId: string; readonly ownerCategory: string };
    }
  | { readonly type: 'ConfirmName'; readonly data: { readonly name: string; readonly ownerId: string } }
  | { readonly type: 'ReleaseName'; readonly data: { readonly name: string; readonly ownerId: string } };

export type RegistryEvent =
  | {
      readonly type: 'registry.numbers-allocated.v1';
      readonly data: { readonly allocations: readonly { ownerId: string; number: number }[] };
    }
  | {
      readonly type: 'registry.name-claimed.v1';
      readonly data: {
        readonly name: string;
        readonly ownerId: string;
        readonly ownerCategory: string;
        readonly settleAfter: Instant;
      };
    }
  | { readonly type: 'registry.name-confirmed.v1'; readonly data: { readonly name: string; readonly ownerId: string } }
  | { readonly type: 'registry.name-released.v1'; readonly data: { readonly name: string; readonly ownerId: string } };

/** A name that is not known to have an owner yet, as it was claimed. */
interface Pending extends Unconfirmed {
  readonly name: string;
}

/** Holds the owners' ids by name, in lower case. */
export interface Registry extends Reservations<string, Pending> {
  readonly next: number;
  /**
   * The newest numbers, so that a repeated request gets the same. Older ones stand in their owners' streams; an owner that
   * asks so late that its number is forgotten gets another one, and the first is a gap.
   */
  readonly recent: Table<{ readonly number: number }>;
}

const empty: Registry = { next: 1, recent: Table.empty(), ...noReservations() };

/** How many of the newest numbers are remembered, at least; at most twice as many. */
const REMEMBER_COUNT = 2_048;

/** Names differ by more than case (keystone compares user and project names so on its default back end). */
const keyOf = (name: string): string => name.toLowerCase();

/** Who holds a name, and whether the owner is known to exist: a name is claimed before its owner is created. */
export function holderOf(
  state: Registry,
  name: string,
): { readonly ownerId: string; readonly settled: boolean } | undefined {
  const ownerId = state.held.get(keyOf(name));
  return ownerId === undefined ? undefined : { ownerId, settled: !state.unconfirmed.has(keyOf(name)) };
}

function decide(command: RegistryCommand, state: Registry, { at }: Context): readonly RegistryEvent[] {
  switch (command.type) {
    case 'AllocateNumbers': {
      const fresh = [...new Set(command.data.ownerIds)].filter((id) => !state.recent.has(id));
      if (fresh.length === 0) return [];
      const allocations = fresh.map((ownerId, i) => ({ ownerId, number: state.next + i }));
      return [{ type: 'registry.numbers-allocated.v1', data: { allocations } }];
    }
    case 'ClaimName': {
      const holder = state.held.get(keyOf(command.data.name));
      if (holder === command.data.ownerId) return [];
      if (holder !== undefined) {
        throw new DomainError('conflict', 'registry.name-taken', `The name ${command.data.name} is already in use.`);
      }
      return [{ type: 'registry.name-claimed.v1', data: { ...command.data, settleAfter: settleAfter(at) } }];
    }
    case 'ConfirmName': {
      const { name, ownerId } = command.data;
      if (state.held.get(keyOf(name)) !== ownerId || !state.unconfirmed.has(keyOf(name))) return [];
      return [{ type: 'registry.name-confirmed.v1', data: command.data }];
    }
    case 'ReleaseName':
      if (state.held.get(keyOf(command.data.name)) !== command.data.ownerId) return [];
      return [{ type: 'registry.name-released.v1', data: command.data }];
    default:
      return unreachable(command);
  }
}

function evolve(state: Registry, event: RegistryEvent): Registry {
  switch (event.type) {
    case 'registry.numbers-allocated.v1': {
      let { next, recent } = state;
      for (const { ownerId, number } of event.data.allocations) {
        recent = recent.set(ownerId, { number });
        next = Math.max(next, number + 1);
      }
      return { ...state, next, recent: newest(recent, next, event.data.allocations.length) };
    }
    case 'registry.name-claimed.v1': {
      const { name, ownerId, ownerCategory, settleAfter: from } = event.data;
      const pending = { owner: { category: ownerCategory, id: ownerId }, settleAfter: from, name };
      return { ...state, ...withReservation(state, keyOf(name), ownerId, pending) };
    }
    case 'registry.name-confirmed.v1':
      return { ...state, ...withConfirmed(state, [keyOf(event.data.name)]) };
    case 'registry.name-released.v1':
      return { ...state, ...withoutReservation(state, keyOf(event.data.name)) };
    default:
      return unreachable(event);
  }
}

/** Forgets the older half of what is remembered when that is too much, instead of one with each event. */
function newest(recent: Registry['recent'], next: number, asked: number): Registry['recent'] {
  const most = Math.max(REMEMBER_COUNT, asked); // all that one request asks for are answered
  if (recent.size <= 2 * most) return recent;
  return Table.from([...recent.entries()].filter(([, { number }]) => number >= next - most));
}

const due = (state: Registry): readonly Effect[] =>
  [...state.unconfirmed.values()].map((pending) => {
    const data = { name: pending.name, ownerId: pending.owner.id };
    return settleReservation(pending, [pending.owner.id, 'settle-name', pending.name], {
      abandoned: { type: 'ReleaseName', data },
      exists: { type: 'ConfirmName', data },
    });
  });

export type RegistryAnswers = {
  /** The numbers of the owners asked for, in their order. */
  readonly AllocateNumbers: readonly number[];
};

function answer(command: RegistryCommand, state: Registry): readonly number[] | undefined {
  if (command.type !== 'AllocateNumbers') return undefined;
  return command.data.ownerIds.map((id) => state.recent.get(id)?.number ?? 0);
}

export const registry: Aggregate<Registry, RegistryCommand, RegistryEvent, RegistryAnswers> = {
  initial: empty,
  decide,
  evolve,
  answer,
  decidedAgain: ['AllocateNumbers'],
  due,
  owes: { commands: ['AbandonCreation'], jobs: [], places: false },
  category: 'registry',
  events: registryEvents,
  schemaVersion: 3,
  growing: true,
  snapshot: tableSnapshot({ held: true, unconfirmed: true, recent: true }),
};
