import { lackingOf, type PlacementRequest } from '@cairn/domain';
import { isInRange } from '../version-range';
import { type Filter, listed } from './filter';

export const allHosts: Filter = {
  name: 'AllHostsFilter',
  passes: () => true,
  reason: 'There is no host.',
  why: () => '',
};

/**
 * A name of nova's default list, or of Havana's, for what holds in every cloud: groupFilters in ../neighbours judges each
 * member of a group by the group's own policy. A list of filters that comes from nova so need not be changed.
 */
export const groupPolicy = (name: string): Filter => ({ ...allHosts, name });

export const compute: Filter = {
  name: 'ComputeFilter',
  passes: ({ enabled, up }) => enabled && up,
  reason: 'No compute service is up and enabled.',
  why: ({ enabled, up }) => `the compute service is ${up ? 'up' : 'down'} and ${enabled ? 'enabled' : 'disabled'}`,
};

export const requestedDestination: Filter = {
  name: 'RequestedDestination',
  passes: ({ name }, { requestedHost }) => requestedHost === undefined || name === requestedHost,
  reason: 'The host that was asked for cannot take the server.',
  why: (_host, { requestedHost }) => `is not ${String(requestedHost)}, which was asked for`,
};

export const availabilityZone: Filter = {
  name: 'AvailabilityZoneFilter',
  passes: (host, request) => request.availabilityZone === null || host.availabilityZone === request.availabilityZone,
  reason: 'No host is in the availability zone that was asked for.',
  why: (host, request) => `is in zone ${host.availabilityZone}, asked for ${String(request.availabilityZone)}`,
};

export const retry: Filter = {
  name: 'RetryFilter',
  passes: ({ hostId }, { excludedHosts }) => !excludedHosts.includes(hostId),
  reason: 'Every host that would do has been tried.',
  why: (_host, { excludedHosts }) => `an earlier attempt failed here; ${String(excludedHosts.length)} hosts were tried`,
};

type Needs = NonNullable<PlacementRequest['machine']>;

export const imageProperties: Filter = {
  name: 'ImagePropertiesFilter',
  passes: ({ machine, inventory }, { machine: needs = {}, hardware }) =>
    lackingOf(hardware, inventory.capabilities).length === 0 &&
    (needs.architecture === undefined || machine.architectures.includes(needs.architecture)) &&
    (needs.hypervisorType === undefined || machine.hypervisorTypes.includes(needs.hypervisorType)) &&
    (needs.vmMode === undefined || machine.vmModes.includes(needs.vmMode)) &&
    (needs.hypervisorVersion === undefined || isInRange(machine.hypervisorVersion, needs.hypervisorVersion)),
  reason: 'No host has what the properties of the image demand.',
  why: ({ machine, inventory }, { machine: needs = {}, hardware }) => {
    const lacking = lackingOf(hardware, inventory.capabilities);
    if (lacking.length > 0) return `cannot make the machine that image and flavor demand: lacks ${listed(lacking)}`;
    const { architectures, hypervisorTypes, hypervisorVersion, vmModes } = machine;
    const has = `${listed(architectures)}; ${listed(hypervisorTypes)} ${String(hypervisorVersion)}; ${listed(vmModes)}`;
    return `has ${has}; the image demands ${demands(needs)}`;
  },
};

const demands = (needs: Needs): string =>
  listed(Object.entries(needs).map(([key, value]) => `${key} ${String(value)}`));
