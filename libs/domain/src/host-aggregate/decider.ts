import type { Aggregate, Context } from '../kernel/aggregate';
import { unreachable } from '../kernel/errors';
import { own } from '../kernel/own';
import { tableSnapshot } from '../kernel/table-snapshot';
import { hostAggregateEvents } from './catalogue';
import type { AggregateHost, HostAggregateEvent } from './events';
import {
  addRefusal,
  type Change,
  changeRefusal,
  exists,
  aggregateHasNoHost,
  notEmpty,
  hostAggregateNotFound,
  removeRefusal,
} from './refusals';
import { allHostAggregates, hasHost, type HostAggregate, type HostAggregates, noAggregates, ZONE_KEY } from './state';

/** The servers on a host decide whether its zone may change; the sender counts them, as nova's API does. */
export type HostAggregateCommand =
  | {
      readonly type: 'CreateHostAggregate';
      readonly data: { readonly uuid: string; readonly name: string; readonly zone: string | null };
    }
  /** What is absent stays as it is. */
  | {
      readonly type: 'UpdateHostAggregate';
      readonly data: {
        readonly number: number;
        readonly name?: string;
        readonly zone?: string | null;
        /** Whether a host of the aggregate has servers. */
        readonly occupied: boolean;
      };
    }
  /** Other keys stay as they are; null takes a key away. */
  | {
      readonly type: 'SetHostAggregateMetadata';
      readonly data: {
        readonly number: number;
        readonly metadata: Readonly<Record<string, string | null>>;
        readonly occupied: boolean;
      };
    }
  | {
      readonly type: 'AddAggregateHost';
      readonly data: { readonly number: number; readonly host: AggregateHost; readonly servers: number };
    }
  | {
      readonly type: 'RemoveAggregateHost';
      readonly data: { readonly number: number; readonly host: AggregateHost; readonly servers: number };
    }
  | { readonly type: 'DeleteHostAggregate'; readonly data: { readonly number: number } };

type DataOf<T extends HostAggregateCommand['type']> = Extract<HostAggregateCommand, { readonly type: T }>['data'];

/** @throws DomainError `host-aggregate.not-found`. */
function one({ byNumber }: HostAggregates, number: number): HostAggregate {
  const aggregate = byNumber.get(String(number));
  if (aggregate === undefined) throw hostAggregateNotFound(number);
  return aggregate;
}

/** nova's database compares names without case. */
function requireFree(state: HostAggregates, name: string, owner?: HostAggregate): void {
  const same = allHostAggregates(state).find((other) => other.name.toLowerCase() === name.toLowerCase());
  if (same !== undefined && same.number !== owner?.number) throw exists(name);
}

function create({ uuid, name, zone }: DataOf<'CreateHostAggregate'>, state: HostAggregates): HostAggregateEvent {
  requireFree(state, name);
  const metadata = zone === null ? {} : { [ZONE_KEY]: zone };
  return { type: 'host-aggregate.created.v1', data: { number: state.next, uuid, name, metadata } };
}

function withMetadata(change: Change, state: HostAggregates): readonly HostAggregateEvent[] {
  const { aggregate, metadata } = change;
  const refusal = changeRefusal(change, allHostAggregates(state));
  if (refusal !== undefined) throw refusal;
  const differs = Object.entries(metadata).some(([key, value]) => (own(aggregate.metadata, key) ?? null) !== value);
  if (!differs) return [];
  const merged = Object.entries({ ...aggregate.metadata, ...metadata });
  const left = merged.filter((entry): entry is [string, string] => entry[1] !== null);
  const data = { number: aggregate.number, metadata: Object.fromEntries(left) };
  return [{ type: 'host-aggregate.metadata-set.v1', data }];
}

function update(
  { number, name, zone, occupied }: DataOf<'UpdateHostAggregate'>,
  state: HostAggregates,
): readonly HostAggregateEvent[] {
  const aggregate = one(state, number);
  if (name !== undefined) requireFree(state, name, aggregate);
  const metadata: Change['metadata'] = zone === undefined ? {} : { [ZONE_KEY]: zone };
  return [
    ...(name === undefined || name === aggregate.name
      ? []
      : [{ type: 'host-aggregate.renamed.v1', data: { number, name } } as const]),
    ...withMetadata({ aggregate, metadata, occupied, what: 'aggregate' }, state),
  ];
}

function decide(command: HostAggregateCommand, state: HostAggregates): readonly HostAggregateEvent[] {
  switch (command.type) {
    case 'CreateHostAggregate':
      return [create(command.data, state)];
    case 'UpdateHostAggregate':
      return update(command.data, state);
    case 'SetHostAggregateMetadata': {
      const { number, metadata, occupied } = command.data;
      return withMetadata({ aggregate: one(state, number), metadata, occupied, what: 'metadata of aggregate' }, state);
    }
    case 'AddAggregateHost': {
      const { number, host, servers } = command.data;
      const refusal = addRefusal(one(state, number), host, servers, allHostAggregates(state));
      if (refusal !== undefined) throw refusal;
      return [{ type: 'host-aggregate.host-added.v1', data: { number, host } }];
    }
    case 'RemoveAggregateHost': {
      const { number, host, servers } = command.data;
      const aggregate = one(state, number);
      if (!hasHost(aggregate, host.hostId)) throw aggregateHasNoHost(number, host.name);
      const refusal = removeRefusal(aggregate, host, servers, allHostAggregates(state));
      if (refusal !== undefined) throw refusal;
      return [{ type: 'host-aggregate.host-removed.v1', data: { number, hostId: host.hostId } }];
    }
    case 'DeleteHostAggregate': {
      const { number } = command.data;
      if (one(state, number).hosts.length > 0) throw notEmpty(number);
      return [{ type: 'host-aggregate.deleted.v1', data: { number } }];
    }
    default:
      return unreachable(command);
  }
}

function evolve(state: HostAggregates, event: HostAggregateEvent, { at }: Context): HostAggregates {
  const { byNumber } = state;
  const key = String(event.data.number);
  switch (event.type) {
    case 'host-aggregate.created.v1': {
      const created = { ...event.data, hosts: [], createdAt: at, updatedAt: null };
      return { next: event.data.number + 1, byNumber: byNumber.set(key, created) };
    }
    case 'host-aggregate.deleted.v1':
      return { ...state, byNumber: byNumber.delete(key) };
    case 'host-aggregate.renamed.v1':
    case 'host-aggregate.metadata-set.v1':
    case 'host-aggregate.host-added.v1':
    case 'host-aggregate.host-removed.v1': {
      const before = byNumber.get(key);
      return before === undefined
        ? state
        : { ...state, byNumber: byNumber.set(key, aggregateAfter(before, event, at)) };
    }
    default:
      return unreachable(event);
  }
}

type Changing = Exclude<
  HostAggregateEvent,
  { readonly type: 'host-aggregate.created.v1' | 'host-aggregate.deleted.v1' }
>;

/** An aggregate after something of it has changed. Rows are folded by it, too. */
export function aggregateAfter<T extends Pick<HostAggregate, 'name' | 'hosts' | 'metadata' | 'updatedAt'>>(
  aggregate: T,
  event: Changing,
  at: HostAggregate['createdAt'],
): T {
  switch (event.type) {
    case 'host-aggregate.renamed.v1':
      return { ...aggregate, name: event.data.name, updatedAt: at };
    case 'host-aggregate.metadata-set.v1':
      return { ...aggregate, metadata: event.data.metadata, updatedAt: at };
    case 'host-aggregate.host-added.v1':
      return { ...aggregate, hosts: [...aggregate.hosts, event.data.host] };
    case 'host-aggregate.host-removed.v1':
      return { ...aggregate, hosts: aggregate.hosts.filter(({ hostId }) => hostId !== event.data.hostId) };
    default:
      return unreachable(event);
  }
}

/** The aggregate after the command; undefined if it is gone. */
type After = HostAggregate | undefined;

export type HostAggregateAnswers = {
  readonly [T in HostAggregateCommand['type']]: After;
};

function answer({ type, data }: HostAggregateCommand, state: HostAggregates): After {
  if (type === 'CreateHostAggregate') return allHostAggregates(state).find(({ uuid }) => uuid === data.uuid);
  return state.byNumber.get(String(data.number));
}

export const hostaggregates: Aggregate<HostAggregates, HostAggregateCommand, HostAggregateEvent, HostAggregateAnswers> =
  {
    initial: noAggregates,
    decide,
    evolve,
    answer,
    category: 'hostaggregates',
    events: hostAggregateEvents,
    schemaVersion: 1,
    growing: true,
    snapshot: tableSnapshot({ byNumber: true }),
  };
