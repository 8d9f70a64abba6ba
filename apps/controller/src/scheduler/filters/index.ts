import type { SchedulerSettings } from '../settings';
import { differentHost, sameHost, simpleCidrAffinity } from './affinity';
import { aggregateExtraSpecs } from './aggregate-extra-specs';
import {
  allHosts,
  availabilityZone,
  compute,
  groupPolicy,
  imageProperties,
  requestedDestination,
  retry,
} from './basic';
import { aggregateIoOps, aggregateNumInstances, capacityFilter, ioOps, numInstances } from './capacity';
import { computeCapabilities } from './compute-capabilities';
import { pciPassthrough, trusted } from './devices';
import type { Filter } from './filter';
import { isolatedHosts } from './isolated-hosts';
import { json } from './json';
import { multiTenancyIsolation } from './multi-tenancy';
import type { FilterName } from './names';
import { aggregateTypeAffinity, typeAffinity } from './type-affinity';

export type { Filter } from './filter';

const FILTERS: Readonly<Record<FilterName, Filter | ((settings: SchedulerSettings) => Filter)>> = {
  AllHostsFilter: allHosts,
  ComputeFilter: compute,
  AvailabilityZoneFilter: availabilityZone,
  RetryFilter: retry,
  ImagePropertiesFilter: imageProperties,
  ComputeCapabilitiesFilter: computeCapabilities,
  AggregateInstanceExtraSpecsFilter: aggregateExtraSpecs,
  AggregateMultiTenancyIsolation: multiTenancyIsolation,
  TypeAffinityFilter: typeAffinity,
  AggregateTypeAffinityFilter: aggregateTypeAffinity,
  SameHostFilter: sameHost,
  DifferentHostFilter: differentHost,
  SimpleCIDRAffinityFilter: simpleCidrAffinity,
  ServerGroupAffinityFilter: groupPolicy('ServerGroupAffinityFilter'),
  ServerGroupAntiAffinityFilter: groupPolicy('ServerGroupAntiAffinityFilter'),
  GroupAffinityFilter: groupPolicy('GroupAffinityFilter'),
  GroupAntiAffinityFilter: groupPolicy('GroupAntiAffinityFilter'),
  IsolatedHostsFilter: isolatedHosts,
  JsonFilter: json,
  PciPassthroughFilter: pciPassthrough,
  TrustedFilter: trusted,
  CoreFilter: capacityFilter('vcpus', 'cloud'),
  AggregateCoreFilter: capacityFilter('vcpus', 'aggregate'),
  RamFilter: capacityFilter('ramMb', 'cloud'),
  AggregateRamFilter: capacityFilter('ramMb', 'aggregate'),
  DiskFilter: capacityFilter('diskGb', 'cloud'),
  AggregateDiskFilter: capacityFilter('diskGb', 'aggregate'),
  IoOpsFilter: ioOps,
  AggregateIoOpsFilter: aggregateIoOps,
  NumInstancesFilter: numInstances,
  AggregateNumInstancesFilter: aggregateNumInstances,
};

/** The filters that the settings name, in their order, behind the host that an administrator asked for. */
export const filtersOf = (settings: SchedulerSettings): readonly Filter[] => [
  requestedDestination,
  ...settings.filters.map((name) => {
    const filter = FILTERS[name];
    return typeof filter === 'function' ? filter(settings) : filter;
  }),
];
