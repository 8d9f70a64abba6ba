import { fields, flag, hostName, integer, list, number, oneOf, parsed, uuid } from '@cairn/config';
import { ALLOCATION_RATIOS, type Capacity } from '@cairn/domain';
import type { z } from 'zod';
import { DEFAULT_FILTERS, FILTER_NAMES, LOAD_FILTERS } from './filters/names';

const ratio = (resource: keyof Capacity, what: string, key: string): z.ZodDefault<z.ZodNumber> =>
  number(0.01, 1_000)
    .default(ALLOCATION_RATIOS[resource])
    .describe(
      `${what} that servers get in all, as a multiple of what a host has; \`${key}\` of an aggregate goes before it`,
    );

const multiplier = (given: number): z.ZodDefault<z.ZodNumber> => number(-1e9, 1e9).default(given);

/** How the scheduler chooses hosts, in nova's words (`filter_scheduler`). */
export const schedulerSettings = fields({
  filters: list(oneOf(...FILTER_NAMES))
    .default([...DEFAULT_FILTERS])
    .describe('Filters that a host must pass, by the names that nova has for them'),
  hostSubsetSize: integer(1, 1_000)
    .default(1)
    .describe('Chooses one of this many of the best hosts, not always the very best'),
  ratios: fields({
    vcpus: ratio('vcpus', 'VCPUs', 'cpu_allocation_ratio'),
    ramMb: ratio('ramMb', 'Memory', 'ram_allocation_ratio'),
    diskGb: ratio('diskGb', 'Disk', 'disk_allocation_ratio'),
  }).prefault({}),
  maxInstancesPerHost: integer(1, 100_000).default(50).describe('Where a NumInstancesFilter is chosen'),
  maxIoOpsPerHost: integer(1, 100_000).default(8).describe('Where an IoOpsFilter is chosen'),
  isolated: fields({
    images: list(uuid()).default([]).describe('Images that run on the isolated hosts only'),
    hosts: list(hostName()).default([]).describe('Hosts that are kept for the isolated images'),
    restrict: flag().default(true).describe('Whether isolated hosts take no other images'),
  }).prefault({}),
  weights: fields({
    ram: multiplier(1).describe('Free memory; negative: fill one host before the next'),
    cpu: multiplier(1).describe('Free VCPUs'),
    disk: multiplier(1).describe('Free disk'),
    ioOps: multiplier(0).describe('Operations under way; negative: the idlest host first'),
    softAffinity: multiplier(10).describe('Members of the server group on the host'),
    softAntiAffinity: multiplier(10).describe('The same, of a group that wants its members apart'),
    buildFailure: multiplier(1_000_000).describe(
      'Launches that failed on the host in the last half hour count against it',
    ),
  })
    .prefault({})
    .describe('Multipliers of the weighers, whose values are normalised to 0..1 first; 0: not weighed'),
});

export type SchedulerSettings = z.output<typeof schedulerSettings>;

export const DEFAULT_SETTINGS: SchedulerSettings = parsed(schedulerSettings, {});

/** Whether a filter or a weigher that is chosen looks at what servers do on hosts. */
export const readsLoad = ({ filters, weights }: SchedulerSettings): boolean =>
  weights.ioOps !== 0 || LOAD_FILTERS.some((name) => filters.includes(name));
