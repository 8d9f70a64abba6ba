import { type HostAggregateEvent, type Instance, streamName } from '@cairn/domain';

import type { Rule } from './rule';

/** An aggregate, counted here from the events. */
interface Group {
  readonly name: string;
  readonly zone: string | undefined;
  readonly hosts: ReadonlySet<string>;
}

const ENROLLED_IN = 'nova';
const zoneIn = (metadata: Readonly<Record<string, string>>): string | undefined =>
  new Map(Object.entries(metadata)).get('availability_zone');

function next(before: Group | undefined, { type, data }: HostAggregateEvent): Group | undefined {
  const { name, zone, hosts } = before ?? { name: '', zone: undefined, hosts: new Set<string>() };
  switch (type) {
    case 'host-aggregate.created.v1':
      return { name: data.name, zone: zoneIn(data.metadata), hosts: new Set() };
    case 'host-aggregate.renamed.v1':
      return { name: data.name, zone, hosts };
    case 'host-aggregate.metadata-set.v1':
      return { name, zone: zoneIn(data.metadata), hosts };
    case 'host-aggregate.host-added.v1':
      return { name, zone, hosts: new Set([...hosts, data.host.hostId]) };
    case 'host-aggregate.host-removed.v1':
      return { name, zone, hosts: new Set([...hosts].filter((host) => host !== data.hostId)) };
    case 'host-aggregate.deleted.v1':
      return undefined;
  }
}

/**
 * No two aggregates have one name, no host is in two zones, and the scheduler chooses for a server that asked for a zone
 * only a host that was in it before: a controller may not know yet that it is not any more.
 */
export function zonesHold(): Rule {
  const groups = new Map<number, Group>();
  const ever = new Map<string, Set<string>>();
  return ({ event, ref, after }) => {
    if (ref.category === 'instance' && event.type.startsWith('instance.host-chosen.')) {
      const { hostId } = event.data as { readonly hostId: string };
      const { request } = after as Instance;
      const zone = request?.availabilityZone ?? null;
      if (zone === null || zone === ENROLLED_IN || request?.forcedHost !== null) return undefined;
      return ever.get(hostId)?.has(zone) === true
        ? undefined
        : `${streamName(ref)} asked for ${zone}, in which ${hostId} never was`;
    }
    if (ref.category !== 'hostaggregates') return undefined;
    const told = { type: event.type, data: event.data } as unknown as HostAggregateEvent;
    const { number } = told.data;
    const group = next(groups.get(number), told);
    if (group === undefined) groups.delete(number);
    else groups.set(number, group);
    return broken([...groups.values()], ever);
  };
}

function broken(groups: readonly Group[], ever: Map<string, Set<string>>): string | undefined {
  const zones = new Map<string, string>();
  const names = new Set<string>();
  for (const { name, zone, hosts } of groups) {
    if (names.has(name.toLowerCase())) return `two host aggregates are named ${name}`;
    names.add(name.toLowerCase());
    if (zone === undefined) continue;
    for (const host of hosts) {
      const other = zones.get(host);
      if (other !== undefined && other !== zone) return `${host} is in the zones ${other} and ${zone}`;
      zones.set(host, zone);
      ever.set(host, (ever.get(host) ?? new Set()).add(zone));
    }
  }
  return undefined;
}
