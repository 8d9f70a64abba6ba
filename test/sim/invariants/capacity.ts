import { type Capacity, claimable, type Host } from '@cairn/domain';

import type { Rule } from './rule';

const RESOURCES = ['vcpus', 'ramMb', 'diskGb'] as const;

/** No host ever holds more claims than it can, and counts them right. */
export const capacityHolds: Rule = ({ event, ref, after }) => {
  if (ref.category !== 'host' || event.type !== 'host.capacity-claimed.v2') return undefined;
  const { inventory, claims, used, name } = after as Host;
  if (inventory === null) return `${name} took a claim before it said what it has`;
  const limit = claimable(inventory);
  const sum: Capacity = [...claims.values()].reduce<Capacity>(
    (total, { amounts }) => ({
      vcpus: total.vcpus + amounts.vcpus,
      ramMb: total.ramMb + amounts.ramMb,
      diskGb: total.diskGb + amounts.diskGb,
    }),
    { vcpus: 0, ramMb: 0, diskGb: 0 },
  );
  for (const resource of RESOURCES) {
    if (sum[resource] !== used[resource])
      return `${name} counts ${String(used[resource])} ${resource} instead of ${String(sum[resource])}`;
    if (sum[resource] > limit[resource])
      return `${name}: ${String(sum[resource])} of ${String(limit[resource])} ${resource} are claimed`;
  }
  return undefined;
};
