import type { Capacity } from '@cairn/domain';
import type { HostView } from '../host-view';
import { aggregateNumber, CAPACITY_FILTERS, limitOf } from '../limits';
import type { SchedulerSettings } from '../settings';
import type { Filter } from './filter';

const WORDS: Readonly<Record<keyof Capacity, { readonly lack: string; readonly unit: string }>> = {
  vcpus: { lack: 'VCPUs', unit: 'VCPUs' },
  ramMb: { lack: 'memory', unit: 'MiB of memory' },
  diskGb: { lack: 'disk', unit: 'GiB of disk' },
};

/** Whether the host has as much left of a resource as the server needs, over-commit included. */
export const capacityFilter =
  (resource: keyof Capacity, by: 'cloud' | 'aggregate') =>
  (settings: SchedulerSettings): Filter => {
    const left = (host: HostView): number =>
      limitOf(host, resource, settings, by === 'aggregate') - host.used[resource];
    const { lack, unit } = WORDS[resource];
    return {
      name: CAPACITY_FILTERS[resource][by],
      passes: (host, request) => left(host) >= request[resource],
      reason: `No host has enough ${lack}.`,
      why: (host, request) =>
        `${String(left(host))} ${unit} free of ${String(host.inventory[resource])} with over-commit, ` +
        `${String(request[resource])} needed`,
    };
  };

interface Counted {
  readonly name: string;
  readonly what: string;
  readonly count: (host: HostView) => number;
  /** The number that the host must stay below. */
  readonly most: (host: HostView) => number;
}

const countFilter = ({ name, what, count, most }: Counted): Filter => ({
  name,
  passes: (host) => count(host) < most(host),
  reason: `Every host that would do has as many ${what} as it may.`,
  why: (host) => `${String(count(host))} ${what}, fewer than ${String(most(host))} allowed`,
});

const IO_OPS = { what: 'operations that read or write much', count: ({ load }: HostView): number => load.ioOps };
const INSTANCES = { what: 'servers', count: ({ instances }: HostView): number => instances };

export const ioOps = ({ maxIoOpsPerHost }: SchedulerSettings): Filter =>
  countFilter({ name: 'IoOpsFilter', ...IO_OPS, most: () => maxIoOpsPerHost });

export const aggregateIoOps = ({ maxIoOpsPerHost }: SchedulerSettings): Filter =>
  countFilter({
    name: 'AggregateIoOpsFilter',
    ...IO_OPS,
    most: ({ aggregates }) => aggregateNumber(aggregates, 'max_io_ops_per_host', maxIoOpsPerHost),
  });

export const numInstances = ({ maxInstancesPerHost }: SchedulerSettings): Filter =>
  countFilter({ name: 'NumInstancesFilter', ...INSTANCES, most: () => maxInstancesPerHost });

export const aggregateNumInstances = ({ maxInstancesPerHost }: SchedulerSettings): Filter =>
  countFilter({
    name: 'AggregateNumInstancesFilter',
    ...INSTANCES,
    most: ({ aggregates }) => aggregateNumber(aggregates, 'max_instances_per_host', maxInstancesPerHost),
  });
