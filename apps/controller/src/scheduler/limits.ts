import { type AggregateMetadata, type Capacity, claimable, own } from '@cairn/domain';
import type { HostView } from './host-view';
import type { SchedulerSettings } from './settings';

/** The key by which an aggregate says the ratio of a resource, in nova's words. */
const RATIO_KEYS: Readonly<Record<keyof Capacity, string>> = {
  vcpus: 'cpu_allocation_ratio',
  ramMb: 'ram_allocation_ratio',
  diskGb: 'disk_allocation_ratio',
};

/** The filters that hold a host to what it has of a resource: by the cloud's ratio, or by that of its aggregates. */
export const CAPACITY_FILTERS: Readonly<
  Record<keyof Capacity, { readonly cloud: string; readonly aggregate: string }>
> = {
  vcpus: { cloud: 'CoreFilter', aggregate: 'AggregateCoreFilter' },
  ramMb: { cloud: 'RamFilter', aggregate: 'AggregateRamFilter' },
  diskGb: { cloud: 'DiskFilter', aggregate: 'AggregateDiskFilter' },
};

export const RESOURCES = ['vcpus', 'ramMb', 'diskGb'] as const;

/** The least of the numbers that the aggregates give under a key; the default if none gives one. */
export function aggregateNumber(aggregates: readonly AggregateMetadata[], key: string, otherwise: number): number {
  const numbers = aggregates
    .map((metadata) => own(metadata, key))
    .filter((text) => text !== undefined && text.trim() !== '')
    .map(Number)
    .filter((number) => Number.isFinite(number) && number >= 0);
  return numbers.length === 0 ? otherwise : Math.min(...numbers);
}

/** How much of a resource the host may give out in all. */
export function limitOf(
  { inventory, aggregates }: HostView,
  resource: keyof Capacity,
  { ratios }: SchedulerSettings,
  byAggregates: boolean,
): number {
  const cloud = ratios[resource];
  const ratio = byAggregates ? aggregateNumber(aggregates, RATIO_KEYS[resource], cloud) : cloud;
  return claimable(inventory, { ...ratios, [resource]: ratio })[resource];
}

/**
 * The limits that the filters have judged by, for the claim on the host (as nova's filters give them to the host); absent
 * if they are the host's own.
 */
export function claimLimits(view: HostView, settings: SchedulerSettings): { readonly limits?: Partial<Capacity> } {
  const names = new Set<string>(settings.filters);
  const limits: Partial<Record<keyof Capacity, number>> = {};
  for (const resource of RESOURCES) {
    const { cloud, aggregate } = CAPACITY_FILTERS[resource];
    if (names.has(cloud) || names.has(aggregate))
      limits[resource] = Math.min(
        ...(names.has(cloud) ? [limitOf(view, resource, settings, false)] : []),
        ...(names.has(aggregate) ? [limitOf(view, resource, settings, true)] : []),
      );
  }
  const own = claimable(view.inventory);
  return RESOURCES.every((resource) => limits[resource] === own[resource]) ? {} : { limits };
}
