import type { Aggregate, Context } from '../kernel/aggregate';
import { DomainError, unreachable } from '../kernel/errors';
import { Table } from '../kernel/table';
import { type Instant, later } from '../kernel/time';
import { DEFAULT_LIMITS, type QuotaLimits } from './limits';
import type { QuotaCommand, QuotaEvent } from './messages';
import { due, launchFound, launchMissing, released } from './settlement';
import { empty, type Quota, type Reserved, type Unconfirmed, type Usage } from './state';

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
      const instanceIds = command.data.instanceIds.filter((id) => {
        const pending = state.unconfirmed.get(id);
        return pending !== undefined && pending.found !== 'undoing'; // what is being undone does not come back
      });
      return instanceIds.length === 0 ? [] : [{ type: 'quota.confirmed.v1', data: { instanceIds } }];
    }
    case 'ReleaseQuota':
      return released(command.data.instanceId, state);
    case 'RecordLaunchFound':
      return launchFound(command.data.instanceId, state);
    case 'RecordLaunchMissing':
      return launchMissing(command.data.instanceId, state);
    default:
      return unreachable(command);
  }
}

function found(state: Quota, instanceIds: readonly string[], what: Unconfirmed['found']): Quota {
  let { unconfirmed } = state;
  for (const id of instanceIds) {
    const pending = unconfirmed.get(id);
    if (pending !== undefined) unconfirmed = unconfirmed.set(id, { ...pending, found: what });
  }
  return { ...state, unconfirmed };
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
      // with the time, since a server that was given back may be reserved for again, among others
      const pending: Unconfirmed = {
        settleAfter,
        group: `${event.data.items[0]?.instanceId ?? ''} ${settleAfter}`,
        found: 'nothing',
      };
      for (const item of event.data.items) {
        items = items.set(item.instanceId, item);
        unconfirmed = unconfirmed.set(item.instanceId, pending);
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
    case 'quota.launch-found.v1':
      return found(state, [event.data.instanceId], 'launched');
    case 'quota.undo-requested.v1':
      return found(state, event.data.instanceIds, 'undoing');
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

export const quota: Aggregate<Quota, QuotaCommand, QuotaEvent> = {
  initial: empty,
  decide,
  evolve,
  answer: (_command, state) => ({ limits: limitsOf(state), usage: state.usage }),
  due,
  owes: { commands: ['AbandonLaunch', 'UndoLaunch'], jobs: [], places: false },
  category: 'quota',
  schemaVersion: 2,
  snapshot: {
    save: (state) => state,
    load: (stored) => {
      const raw = stored as Omit<Quota, 'items' | 'unconfirmed'> & {
        items: [string, Reserved][];
        unconfirmed: [string, Unconfirmed][];
      };
      return { ...raw, items: Table.from(raw.items), unconfirmed: Table.from(raw.unconfirmed) };
    },
  },
};
