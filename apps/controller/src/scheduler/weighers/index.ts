import type { HostView } from '../host-view';
import type { Capacity } from '@cairn/domain';
import type { SchedulerSettings } from '../settings';

/** How good a host is; the higher the better. Values are normalised to 0..1 before the multiplier (nova since Icehouse). */
export interface Weigher {
  readonly name: string;
  readonly multiplier: number;
  readonly weigh: (host: HostView) => number;
}

/** The weighers that count, named as in nova. */
export function weighersOf({ weights, ratios }: SchedulerSettings): readonly Weigher[] {
  const free =
    (resource: keyof Capacity) =>
    ({ inventory, used }: HostView): number =>
      inventory[resource] * ratios[resource] - used[resource];
  const all: readonly Weigher[] = [
    { name: 'RAMWeigher', multiplier: weights.ram, weigh: free('ramMb') },
    { name: 'CPUWeigher', multiplier: weights.cpu, weigh: free('vcpus') },
    { name: 'DiskWeigher', multiplier: weights.disk, weigh: free('diskGb') },
    { name: 'IoOpsWeigher', multiplier: weights.ioOps, weigh: ({ load }) => load.ioOps },
    { name: 'BuildFailureWeigher', multiplier: -weights.buildFailure, weigh: ({ failures }) => failures },
  ];
  return all.filter(({ multiplier }) => multiplier !== 0);
}
