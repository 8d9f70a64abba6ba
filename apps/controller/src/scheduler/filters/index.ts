import { aggregateExtraSpecs } from './aggregate-extra-specs';
import { multiTenancyIsolation } from './multi-tenancy';
import type { Filter } from './filter';
import { isInRange } from '../version-range';

export type { Filter } from './filter';

const imageProperties: Filter = {
  name: 'ImagePropertiesFilter',
  passes: ({ machine }, { machine: needs = {} }) =>
    (needs.architecture === undefined || machine.architectures.includes(needs.architecture)) &&
    (needs.hypervisorType === undefined || machine.hypervisorTypes.includes(needs.hypervisorType)) &&
    (needs.vmMode === undefined || machine.vmModes.includes(needs.vmMode)) &&
    (needs.hypervisorVersion === undefined || isInRange(machine.hypervisorVersion, needs.hypervisorVersion)),
  reason: 'No host has what the properties of the image demand.',
};

const retry: Filter = {
  name: 'RetryFilter',
  passes: ({ hostId }, { excludedHosts }) => !excludedHosts.includes(hostId),
  reason: 'Every host that would do has been tried.',
};

const compute: Filter = {
  name: 'ComputeFilter',
  passes: ({ enabled, up }) => enabled && up,
  reason: 'No compute service is up and enabled.',
};

const requestedDestination: Filter = {
  name: 'RequestedDestination',
  passes: ({ name }, { requestedHost }) => requestedHost === undefined || name === requestedHost,
  reason: 'The host that was asked for cannot take the server.',
};

const availabilityZone: Filter = {
  name: 'AvailabilityZoneFilter',
  passes: (host, request) => request.availabilityZone === null || host.availabilityZone === request.availabilityZone,
  reason: 'No host is in the availability zone that was asked for.',
};

const core: Filter = {
  name: 'CoreFilter',
  passes: ({ free }, { vcpus }) => free.vcpus >= vcpus,
  reason: 'No host has enough VCPUs.',
};

const ram: Filter = {
  name: 'RamFilter',
  passes: ({ free }, { ramMb }) => free.ramMb >= ramMb,
  reason: 'No host has enough memory.',
};

const disk: Filter = {
  name: 'DiskFilter',
  passes: ({ free }, { diskGb }) => free.diskGb >= diskGb,
  reason: 'No host has enough disk.',
};

/** In the order in which the scheduler applies them. */
export const FILTERS: readonly Filter[] = [
  compute,
  requestedDestination,
  availabilityZone,
  multiTenancyIsolation,
  aggregateExtraSpecs,
  imageProperties,
  retry,
  core,
  ram,
  disk,
];
