import type { PlacementRequest } from '@cairn/domain';

import type { HostView } from '../host-view';
import { isInRange } from '../version-range';

/** One reason to exclude a host. Pure; named as in nova. */
export interface Filter {
  readonly name: string;
  passes(host: HostView, request: PlacementRequest): boolean;
  /** The reason for a tenant when this filter leaves no host. */
  readonly reason: string;
}

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
export const FILTERS: readonly Filter[] = [compute, availabilityZone, imageProperties, retry, core, ram, disk];
