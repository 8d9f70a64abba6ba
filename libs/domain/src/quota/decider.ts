import type { Aggregate, Context } from '../kernel/aggregate';
import type { Effect } from '../kernel/effect';
import { DomainError, unreachable } from '../kernel/errors';
import { Table } from '../kernel/table';
import { type Instant, later } from '../kernel/time';
import { deriveId } from '../ids';
import { DEFAULT_LIMITS, type QuotaLimits } from './limits';

/** What one server counts for. */
export interface Usage {
  readonly instances: number;
  readonly cores: number;
  readonly ramMb: number;
}

interface Reserved {
  readonly instanceId: string;
  readonly cores: number;
  readonly ramMb: number;
}

export type QuotaCommand =
  /** Limits that are named change; null means back to the default. */
  | {
      readonly type: 'SetQuotaLimits';
      readonly data: {
        readonly limits: Readonly<Partial<Record<keyof QuotaLimits, number | null>>>;
        /** Also below what is in use (nova: force). */
        readonly force: boolean;
      };
    }
  | {
      readonly type: 'ReserveQuota';
      readonly data: { readonly items: readonly { instanceId: string; cores: number; ramMb: number }[] };
    }
  | { readonly type: 'ConfirmQuota'; readonly data: { readonly instanceIds: readonly string[] } }
  | { readonly type: 'ReleaseQuota'; readonly data: { readonly instanceId: string } };

export type QuotaEvent =
  | {
      readonly type: 'quota.limits-set.v1';
      readonly data: { readonly limits: Readonly<Partial<Record<keyof QuotaLimits, number | null>>> };
    }
  | {
      readonly type: 'quota.reserved.v1';
      readonly data: {
        readonly items: readonly { instanceId: string; cores: number; ramMb: number }[];
        readonly settleAfter: Instant;
      };
    }
  | { readonly type: 'quota.confirmed.v1'; readonly data: { readonly instanceIds: readonly string[] } }
  | { readonly type: 'quota.released.v1'; readonly data: { readonly instanceId: string } };

export interface Quota {
  readonly overrides: Readonly<Partial<Record<keyof QuotaLimits, number>>>;
  readonly usage: Usage;
  readonly items: Table<Reserved>;
  /** Ids of items whose launch is not yet known to have begun -> when to find out. */
  readonly unconfirmed: Table<Instant>;
}

const empty: Quota = {
  overrides: {},
  usage: { instances: 0, cores: 0, ramMb: 0 },
  items: Table.empty(),
  unconfirmed: Table.empty(),
};

/** How long a reservation may wait for its launch before it is settled (RUNTIME.md). */
export const SETTLE_AFTER_MS = 30_000;

export const limitsOf = (state: Quota): QuotaLimits => ({ ...DEFAULT_LIMITS, ...state.overrides });

function reserve(
  items: readonly { instanceId: string; cores: number; ramMb: number }[],
  state: Quota,
  at: Instant,
): readonly QuotaEvent[] {
  const once = new Map(items.map((item) => [item.instanceId, item]));
  const fresh = [...once.values()].filter(({ instanceId }) => !state.items.has(instanceId));
  if (fresh.length === 0) return [];
  const asked: Usage = {
    instances: fresh.length,
    cores: fresh.reduce((sum, { cores }) => sum + cores, 0),
    ramMb: fresh.reduce((sum, { ramMb }) => sum + ramMb, 0),
  };
  const limits = limitsOf(state);
  const over = (['instances', 'cores', 'ramMb'] as const).filter(
    (resource) => limits[resource] >= 0 && state.usage[resource] + asked[resource] > limits[resource],
  );
  if (over.length > 0) {
    const name = (resource: keyof Usage): string => (resource === 'ramMb' ? 'ram' : resource);
    const list = (values: Usage | QuotaLimits): string => over.map((r) => String(values[r])).join(', ');
    throw new DomainError(
      'quota',
      'quota.exceeded',
      `Quota exceeded for ${over.map(name).join(', ')}: Requested ${list(asked)}, ` +
        `but already used ${list(state.usage)} of ${list(limits)} ${over.map(name).join(', ')}`,
      { resources: over.map(name) },
    );
  }
  return [{ type: 'quota.reserved.v1', data: { items: fresh, settleAfter: later(at, SETTLE_AFTER_MS) } }];
}

function setLimits({ data }: Extract<QuotaCommand, { type: 'SetQuotaLimits' }>, state: Quota): readonly QuotaEvent[] {
  for (const resource of ['instances', 'cores', 'ramMb'] as const) {
    const limit = data.limits[resource];
    if (data.force || limit === undefined || limit === null || limit < 0 || limit >= state.usage[resource]) continue;
    const used = String(state.usage[resource]);
    const name = resource === 'ramMb' ? 'ram' : resource;
    throw new DomainError(
      'invalid',
      'quota.below-usage',
      `Quota limit ${String(limit)} for ${name} must be greater than or equal to already used and reserved ${used}.`,
    );
  }
  const changed = Object.entries(data.limits).filter(
    ([key, value]) => (state.overrides[key as keyof QuotaLimits] ?? null) !== value,
  );
  return changed.length === 0 ? [] : [{ type: 'quota.limits-set.v1', data: { limits: Object.fromEntries(changed) } }];
}

function decide(command: QuotaCommand, state: Quota, { at }: Context): readonly QuotaEvent[] {
  switch (command.type) {
    case 'SetQuotaLimits':
      return setLimits(command, state);
    case 'ReserveQuota':
      return reserve(command.data.items, state, at);
    case 'ConfirmQuota': {
      const instanceIds = command.data.instanceIds.filter((id) => state.unconfirmed.has(id));
      return instanceIds.length === 0 ? [] : [{ type: 'quota.confirmed.v1', data: { instanceIds } }];
    }
    case 'ReleaseQuota': {
      const { instanceId } = command.data;
      return state.items.has(instanceId) ? [{ type: 'quota.released.v1', data: { instanceId } }] : [];
    }
    default:
      return unreachable(command);
  }
}

function evolve(state: Quota, event: QuotaEvent): Quota {
  switch (event.type) {
    case 'quota.limits-set.v1': {
      const merged = Object.entries({ ...state.overrides, ...event.data.limits });
      return { ...state, overrides: Object.fromEntries(merged.filter(([, value]) => value !== null)) };
    }
    case 'quota.reserved.v1': {
      let { items, unconfirmed, usage } = state;
      const { settleAfter } = event.data;
      for (const item of event.data.items) {
        items = items.set(item.instanceId, item);
        unconfirmed = unconfirmed.set(item.instanceId, settleAfter);
        usage = {
          instances: usage.instances + 1,
          cores: usage.cores + item.cores,
          ramMb: usage.ramMb + item.ramMb,
        };
      }
      return { ...state, items, unconfirmed, usage };
    }
    case 'quota.confirmed.v1': {
      const unconfirmed = event.data.instanceIds.reduce((table, id) => table.delete(id), state.unconfirmed);
      return { ...state, unconfirmed };
    }
    case 'quota.released.v1': {
      const { instanceId } = event.data;
      const item = state.items.get(instanceId);
      if (item === undefined) return state;
      const { instances, cores, ramMb } = state.usage;
      return {
        ...state,
        items: state.items.delete(instanceId),
        unconfirmed: state.unconfirmed.delete(instanceId),
        usage: { instances: instances - 1, cores: cores - item.cores, ramMb: ramMb - item.ramMb },
      };
    }
    default:
      return unreachable(event);
  }
}

/** A reservation whose launch is not known to have begun is settled: either the launch is there, or it never will be. */
function due(state: Quota): readonly Effect[] {
  return [...state.unconfirmed.entries()].map(([instanceId, settleAfter]): Effect => ({
    kind: 'command',
    id: deriveId(instanceId, 'settle-quota', settleAfter), // reserved again, it is settled again
    notBefore: settleAfter,
    target: { category: 'instance', id: instanceId },
    command: { type: 'AbandonLaunch', data: { instanceId } },
    onDone: () => ({ type: 'ReleaseQuota', data: { instanceId } }),
    onRefused: () => ({ type: 'ConfirmQuota', data: { instanceIds: [instanceId] } }),
  }));
}

export const quota: Aggregate<Quota, QuotaCommand, QuotaEvent> = {
  initial: empty,
  decide,
  evolve,
  answer: (_command, state) => ({ limits: limitsOf(state), usage: state.usage }),
  due,
  category: 'quota',
  schemaVersion: 1,
  snapshot: {
    save: (state) => state,
    load: (stored) => {
      const raw = stored as Omit<Quota, 'items' | 'unconfirmed'> & {
        items: [string, Reserved][];
        unconfirmed: [string, Instant][];
      };
      return { ...raw, items: Table.from(raw.items), unconfirmed: Table.from(raw.unconfirmed) };
    },
  },
};
