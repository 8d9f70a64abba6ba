import type { Aggregate, Context } from '../kernel/aggregate';
import type { Effect } from '../kernel/effect';
import { DomainError, unreachable } from '../kernel/errors';
import { Table } from '../kernel/table';
import { type Instant, later } from '../kernel/time';
import { deriveId } from '../ids';

/**
 * One `registry-<kind>` stream hands out integer numbers or holds unique names, never the database. A name is claimed
 * before its owner is created; a claim whose owner is not known to exist is settled like a quota reservation.
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

interface Claim {
  readonly ownerId: string;
  readonly ownerCategory: string;
  readonly settleAfter: Instant | null;
}

export interface Registry {
  readonly next: number;
  /** Numbers of the last hour, so that a repeat gets the same; older owners have recorded theirs. */
  readonly recent: Table<{ readonly number: number; readonly at: Instant }>;
  readonly names: Table<Claim>;
  /** Names whose owner is not known to exist, as they were claimed; by key. */
  readonly unsettled: Table<string>;
}

const empty: Registry = { next: 1, recent: Table.empty(), names: Table.empty(), unsettled: Table.empty() };

const SETTLE_AFTER_MS = 30_000;
const REMEMBER_MS = 3_600_000;
/** Above this many, numbers that are older than an hour are forgotten. */
const REMEMBER_COUNT = 4_096;

/** Names differ by more than case (keystone compares user and project names so on its default back end). */
const keyOf = (name: string): string => name.toLowerCase();

/** Who holds a name, and whether the claim is settled: made before its owner, it may still come to nothing. */
export function holderOf(
  state: Registry,
  name: string,
): { readonly ownerId: string; readonly settled: boolean } | undefined {
  const claim = state.names.get(keyOf(name));
  return claim === undefined ? undefined : { ownerId: claim.ownerId, settled: claim.settleAfter === null };
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
      const holder = state.names.get(keyOf(command.data.name));
      if (holder?.ownerId === command.data.ownerId) return [];
      if (holder !== undefined) {
        throw new DomainError('conflict', 'registry.name-taken', `The name ${command.data.name} is already in use.`);
      }
      return [{ type: 'registry.name-claimed.v1', data: { ...command.data, settleAfter: later(at, SETTLE_AFTER_MS) } }];
    }
    case 'ConfirmName': {
      const holder = state.names.get(keyOf(command.data.name));
      if (holder?.ownerId !== command.data.ownerId || holder.settleAfter === null) return [];
      return [{ type: 'registry.name-confirmed.v1', data: command.data }];
    }
    case 'ReleaseName':
      if (state.names.get(keyOf(command.data.name))?.ownerId !== command.data.ownerId) return [];
      return [{ type: 'registry.name-released.v1', data: command.data }];
    default:
      return unreachable(command);
  }
}

function evolve(state: Registry, event: RegistryEvent, { at }: Context): Registry {
  switch (event.type) {
    case 'registry.numbers-allocated.v1': {
      let { next, recent } = state;
      for (const { ownerId, number } of event.data.allocations) {
        recent = recent.set(ownerId, { number, at });
        next = Math.max(next, number + 1);
      }
      return { ...state, next, recent: forgetOld(recent, state.recent.size, at) };
    }
    case 'registry.name-claimed.v1': {
      const { name, ownerId, ownerCategory, settleAfter } = event.data;
      return {
        ...state,
        names: state.names.set(keyOf(name), { ownerId, ownerCategory, settleAfter }),
        unsettled: state.unsettled.set(keyOf(name), name),
      };
    }
    case 'registry.name-confirmed.v1': {
      const { name } = event.data;
      const claim = state.names.get(keyOf(name));
      const names = claim === undefined ? state.names : state.names.set(keyOf(name), { ...claim, settleAfter: null });
      return { ...state, names, unsettled: state.unsettled.delete(keyOf(name)) };
    }
    case 'registry.name-released.v1': {
      const key = keyOf(event.data.name);
      return { ...state, names: state.names.delete(key), unsettled: state.unsettled.delete(key) };
    }
    default:
      return unreachable(event);
  }
}

/** Trims the memory whenever it has passed another multiple of the count, instead of with each event. */
function forgetOld(recent: Registry['recent'], sizeBefore: number, at: Instant): Registry['recent'] {
  if (Math.floor(sizeBefore / REMEMBER_COUNT) === Math.floor(recent.size / REMEMBER_COUNT)) return recent;
  const since = later(at, -REMEMBER_MS);
  return Table.from([...recent.entries()].filter(([, entry]) => entry.at >= since));
}

function due(state: Registry): readonly Effect[] {
  return [...state.unsettled.entries()].flatMap(([key, name]): Effect[] => {
    const claim = state.names.get(key);
    if (claim === undefined || claim.settleAfter === null) return [];
    const { ownerId, ownerCategory, settleAfter } = claim;
    return [
      {
        kind: 'command',
        id: deriveId(ownerId, 'settle-name', name, settleAfter), // claimed again, it is settled again
        notBefore: settleAfter,
        target: { category: ownerCategory, id: ownerId },
        command: { type: 'AbandonCreation', data: {} },
        onDone: () => ({ type: 'ReleaseName', data: { name, ownerId } }),
        onRefused: () => ({ type: 'ConfirmName', data: { name, ownerId } }),
      },
    ];
  });
}

/** The numbers of the owners asked for, in their order; empty for commands about names. */
function answer(command: RegistryCommand, state: Registry): readonly number[] {
  if (command.type !== 'AllocateNumbers') return [];
  return command.data.ownerIds.map((id) => state.recent.get(id)?.number ?? 0);
}

export const registry: Aggregate<Registry, RegistryCommand, RegistryEvent> = {
  initial: empty,
  decide,
  evolve,
  answer,
  due,
  owes: { commands: ['AbandonCreation'], jobs: [], places: false },
  category: 'registry',
  schemaVersion: 2,
  snapshot: {
    save: (state) => state,
    load: (stored) => {
      const raw = stored as {
        next: number;
        recent: [string, { number: number; at: Instant }][];
        names: [string, Claim][];
        unsettled: [string, string][];
      };
      return {
        next: raw.next,
        recent: Table.from(raw.recent),
        names: Table.from(raw.names),
        unsettled: Table.from(raw.unsettled),
      };
    },
  },
};
