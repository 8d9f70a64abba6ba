import type { ServerGroupPolicy } from '@cairn/domain';
import type { Filter } from './filters';
import type { HostView } from './host-view';
import type { SchedulerSettings } from './settings';
import type { Weigher } from './weighers';

/** The other members of a server's group that have a host or are about to get one. */
export interface Neighbours {
  readonly policy: ServerGroupPolicy;
  /** How many of them a host may have, where the policy keeps them apart. Absent: one. */
  readonly maxPerHost?: number;
  /** The id of each member's host. */
  readonly hostIds: readonly string[];
}

/** What a hard policy demands of a host; named as in nova. */
export function groupFilters({ policy, maxPerHost = 1, hostIds }: Neighbours): readonly Filter[] {
  if (policy === 'anti-affinity')
    return [
      {
        name: 'ServerGroupAntiAffinityFilter',
        passes: ({ hostId }) => hostIds.filter((id) => id === hostId).length < maxPerHost,
        reason: 'Every host that would do has its share of the group, whose policy is anti-affinity.',
        why: () => 'has its share of the servers of the group',
      },
    ];
  if (policy === 'affinity')
    return [
      {
        name: 'ServerGroupAffinityFilter',
        passes: ({ hostId }) => hostIds.every((id) => id === hostId),
        reason: 'The host of the group, whose policy is affinity, cannot take the server.',
        why: () => 'the group is on another host',
      },
    ];
  return [];
}

/** What a soft policy wishes of a host; named as in nova. */
export function groupWeighers({ policy, hostIds }: Neighbours, { weights }: SchedulerSettings): readonly Weigher[] {
  const membersOn = (host: HostView): number => hostIds.filter((id) => id === host.hostId).length;
  if (policy === 'soft-affinity')
    return [{ name: 'ServerGroupSoftAffinityWeigher', multiplier: weights.softAffinity, weigh: membersOn }];
  if (policy === 'soft-anti-affinity')
    return [{ name: 'ServerGroupSoftAntiAffinityWeigher', multiplier: -weights.softAntiAffinity, weigh: membersOn }];
  return [];
}
