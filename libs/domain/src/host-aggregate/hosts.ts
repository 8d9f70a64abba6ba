import type { Host } from '../host';
import { allHostAggregates, type HostAggregate, type HostAggregates, zoneOfAggregate } from './state';

type ByHost = ReadonlyMap<string, readonly HostAggregate[]>;

/** States are values: what follows from one is computed once. */
const known = new WeakMap<HostAggregates, ByHost>();

/** The aggregates of each host that is in any, by the host's id. */
export function aggregatesByHost(state: HostAggregates): ByHost {
  const found = known.get(state);
  if (found !== undefined) return found;
  const byHost = new Map<string, HostAggregate[]>();
  for (const aggregate of allHostAggregates(state))
    for (const { hostId } of aggregate.hosts) byHost.set(hostId, [...(byHost.get(hostId) ?? []), aggregate]);
  known.set(state, byHost);
  return byHost;
}

/** The availability zone of a host: the one that an aggregate makes, or else the one that it was enrolled in. */
export function zoneOfHost(
  state: HostAggregates,
  { hostId, availabilityZone }: Pick<Host, 'hostId' | 'availabilityZone'>,
): string {
  const zones = (aggregatesByHost(state).get(hostId) ?? []).map(zoneOfAggregate);
  return zones.find((zone) => zone !== undefined) ?? availabilityZone;
}
