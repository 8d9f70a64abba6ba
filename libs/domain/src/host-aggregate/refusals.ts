import { DomainError } from '../kernel/errors';
import { own } from '../kernel/own';
import type { AggregateHost } from './events';
import { hasHost, type HostAggregate, ZONE_KEY, zoneOfAggregate } from './state';

/** Why commands are refused, in nova's words (26.1, `nova/exception.py` and `AggregateAPI`). */

export const hostAggregateNotFound = (number: number | string): DomainError =>
  new DomainError('not-found', 'host-aggregate.not-found', `Aggregate ${String(number)} could not be found.`);

export const exists = (name: string): DomainError =>
  new DomainError('conflict', 'host-aggregate.exists', `Aggregate ${name} already exists.`);

export const aggregateHasNoHost = (number: number, host: string): DomainError =>
  new DomainError(
    'not-found',
    'host-aggregate.has-no-host',
    `Cannot remove host ${host} in aggregate ${String(number)}`,
  );

export const notEmpty = (number: number): DomainError =>
  new DomainError(
    'invalid',
    'host-aggregate.not-empty',
    `Cannot remove host from aggregate ${String(number)}. Reason: Host aggregate is not empty.`,
  );

/** A change of metadata that was asked for. */
export interface Change {
  readonly aggregate: HostAggregate;
  readonly metadata: Readonly<Record<string, string | null>>;
  readonly occupied: boolean;
  /** What cannot be updated, in a message. */
  readonly what: 'aggregate' | 'metadata of aggregate';
}

/** Zones other than `zone` that these hosts are in by other aggregates. */
const otherZones = (
  zone: string,
  hosts: readonly AggregateHost[],
  but: HostAggregate,
  all: readonly HostAggregate[],
): readonly string[] =>
  all.flatMap((other) => {
    const shared = other.number !== but.number && hosts.some(({ hostId }) => hasHost(other, hostId));
    const theirs = zoneOfAggregate(other);
    return !shared || theirs === undefined || theirs === zone ? [] : [theirs];
  });

const inZones = (zones: readonly string[]): string =>
  `One or more hosts already in availability zone(s) [${zones.map((zone) => `'${zone}'`).join(', ')}]`;

/** A zone has a name, a host has one zone, and servers do not change theirs. */
export function changeRefusal(
  { aggregate, metadata, occupied, what }: Change,
  all: readonly HostAggregate[],
): DomainError | undefined {
  if (!Object.hasOwn(metadata, ZONE_KEY)) return undefined;
  const { number, name, hosts } = aggregate;
  const refusal = (code: string, reason: string): DomainError =>
    new DomainError('invalid', `host-aggregate.${code}`, `Cannot update ${what} ${String(number)}. Reason: ${reason}.`);
  const zone = own(metadata, ZONE_KEY) ?? '';
  if (zone === '') return refusal('nameless-zone', `Aggregate ${name} does not support empty named availability zone`);
  const others = otherZones(zone, hosts, aggregate, all);
  if (others.length > 0) return refusal('host-in-other-zone', inZones(others));
  if (occupied && zoneOfAggregate(aggregate) !== zone)
    return refusal('zone-in-use', 'One or more hosts contain instances in this zone');
  return undefined;
}

/** The zone of a host as the aggregates but one make it. */
const zoneWithout = (left: HostAggregate, hostId: string, all: readonly HostAggregate[]): string | undefined =>
  all
    .filter((other) => other.number !== left.number && hasHost(other, hostId))
    .map(zoneOfAggregate)
    .find((zone) => zone !== undefined);

const quoted = (zone: string | undefined): string => `'${zone ?? 'None'}'`;

/** nova refuses since 2023 what would move servers into another zone with their host. */
const moves = (done: string, from: string | undefined, to: string | undefined, servers: number): string =>
  `The host cannot be ${done} the aggregate as the availability zone of the host would change from ${quoted(from)} to ` +
  `${quoted(to)} but the host already has ${String(servers)} instance(s). Changing the AZ of an existing instance is not ` +
  'supported by this action. Move the instances away from this host then try again. If you need to move the instances ' +
  'between AZs then you can use shelve_offload and unshelve to achieve this.';

export function addRefusal(
  aggregate: HostAggregate,
  { hostId, name }: AggregateHost,
  servers: number,
  all: readonly HostAggregate[],
): DomainError | undefined {
  const { number } = aggregate;
  const refusal = (code: string, reason: string): DomainError =>
    new DomainError(
      'conflict',
      `host-aggregate.${code}`,
      `Cannot add host to aggregate ${String(number)}. Reason: ${reason}.`,
    );
  const zone = zoneOfAggregate(aggregate);
  const others = zone === undefined ? [] : otherZones(zone, [{ hostId, name }], aggregate, all);
  if (others.length > 0) return refusal('host-in-other-zone', inZones(others));
  const known = hasHost(aggregate, hostId);
  const before = known ? zone : zoneWithout(aggregate, hostId, all);
  if (zone !== undefined && servers > 0 && before !== zone)
    return refusal('zone-in-use', moves('added to', before, zone, servers));
  if (!known) return undefined;
  const message = `Aggregate ${String(number)} already has host ${name}.`;
  return new DomainError('conflict', 'host-aggregate.has-host', message);
}

export function removeRefusal(
  aggregate: HostAggregate,
  { hostId }: AggregateHost,
  servers: number,
  all: readonly HostAggregate[],
): DomainError | undefined {
  const zone = zoneOfAggregate(aggregate);
  const after = zoneWithout(aggregate, hostId, all);
  if (zone === undefined || servers === 0 || after === zone) return undefined;
  return new DomainError(
    'conflict',
    'host-aggregate.zone-in-use',
    `Cannot remove host from aggregate ${String(aggregate.number)}. Reason: ${moves('removed from', zone, after, servers)}.`,
  );
}
