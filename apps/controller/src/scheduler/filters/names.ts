/** nova's names of the filters that a cloud may choose. */
export const FILTER_NAMES = [
  'AllHostsFilter',
  'ComputeFilter',
  'AvailabilityZoneFilter',
  'RetryFilter',
  'ImagePropertiesFilter',
  'ComputeCapabilitiesFilter',
  'AggregateInstanceExtraSpecsFilter',
  'AggregateMultiTenancyIsolation',
  'TypeAffinityFilter',
  'AggregateTypeAffinityFilter',
  'SameHostFilter',
  'DifferentHostFilter',
  'SimpleCIDRAffinityFilter',
  'ServerGroupAffinityFilter',
  'ServerGroupAntiAffinityFilter',
  'GroupAffinityFilter',
  'GroupAntiAffinityFilter',
  'IsolatedHostsFilter',
  'JsonFilter',
  'PciPassthroughFilter',
  'TrustedFilter',
  'CoreFilter',
  'AggregateCoreFilter',
  'RamFilter',
  'AggregateRamFilter',
  'DiskFilter',
  'AggregateDiskFilter',
  'IoOpsFilter',
  'AggregateIoOpsFilter',
  'NumInstancesFilter',
  'AggregateNumInstancesFilter',
] as const;

export type FilterName = (typeof FILTER_NAMES)[number];

/** The filters that need to know what servers are on a host and what they do. */
export const LOAD_FILTERS: readonly FilterName[] = [
  'TypeAffinityFilter',
  'IoOpsFilter',
  'AggregateIoOpsFilter',
  'JsonFilter',
];

/** Capacity last, so that a refusal names what the tenant can change. */
export const DEFAULT_FILTERS: readonly FilterName[] = [
  'ComputeFilter',
  'AvailabilityZoneFilter',
  'AggregateMultiTenancyIsolation',
  'AggregateInstanceExtraSpecsFilter',
  'ComputeCapabilitiesFilter',
  'ImagePropertiesFilter',
  'RetryFilter',
  'SameHostFilter',
  'DifferentHostFilter',
  'SimpleCIDRAffinityFilter',
  'AggregateCoreFilter',
  'AggregateRamFilter',
  'AggregateDiskFilter',
];
