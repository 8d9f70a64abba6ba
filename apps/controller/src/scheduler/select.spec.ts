import { DomainError, type PlacementRequest } from '@cairn/domain';

import type { HostView } from './host-view';
import { select } from './select';
import { placementOf } from './testing/placements';

const hostOf = (name: string, over: Partial<HostView> = {}): HostView => ({
  hostId: `id-${name}`,
  name,
  availabilityZone: 'nova',
  aggregates: [],
  enabled: true,
  up: true,
  machine: {
    architectures: ['x86_64', 'i686'],
    hypervisorTypes: ['qemu'],
    hypervisorVersion: 7_002_011,
    vmModes: ['hvm'],
  },
  free: { vcpus: 8, ramMb: 8_192, diskGb: 100 },
  ...over,
});

const requestOf = (over?: Partial<PlacementRequest>): PlacementRequest => placementOf(1, over);

const bare = (over: Partial<HostView['machine']>): HostView['machine'] => ({ ...hostOf('bare').machine, ...over });

const good = hostOf('good', { aggregates: [{ ssd: 'true' }], free: { vcpus: 2, ramMb: 1_024, diskGb: 10 } });

function refusal(hosts: readonly HostView[], request: PlacementRequest): DomainError {
  try {
    select(hosts, request);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('a host was found');
}

describe('a host is chosen', () => {
  const free = { vcpus: 2, ramMb: 1_024, diskGb: 10 };

  it.each<[string, Partial<HostView>, Partial<PlacementRequest>]>([
    ['ComputeFilter', { up: false }, {}],
    ['ComputeFilter', { enabled: false }, {}],
    ['RequestedDestination', { name: 'other' }, { requestedHost: 'good' }],
    ['AvailabilityZoneFilter', { availabilityZone: 'other' }, { availabilityZone: 'nova' }],
    ['AggregateInstanceExtraSpecsFilter', {}, { extraSpecs: { ssd: 'true' } }],
    ['AggregateInstanceExtraSpecsFilter', { aggregates: [{ ssd: 'no, never' }] }, { extraSpecs: { ssd: '<or> true' } }],
    ['AggregateMultiTenancyIsolation', { aggregates: [{ filter_tenant_id_1: 'p1, p2' }] }, { projectId: 'p3' }],
    ['ImagePropertiesFilter', { machine: bare({ architectures: ['aarch64'] }) }, { machine: { architecture: 'i686' } }],
    ['ImagePropertiesFilter', { machine: bare({ hypervisorTypes: ['xen'] }) }, { machine: { hypervisorType: 'qemu' } }],
    ['ImagePropertiesFilter', { machine: bare({ vmModes: ['exe'] }) }, { machine: { vmMode: 'hvm' } }],
    [
      'ImagePropertiesFilter',
      { machine: bare({ hypervisorVersion: 6_002_000 }) },
      { machine: { hypervisorVersion: '> 6.2,<8, != 7.1' } },
    ],
    ['RetryFilter', {}, { excludedHosts: ['id-bad'] }],
    ['CoreFilter', { free: { ...free, vcpus: 1 } }, { vcpus: 2 }],
    ['RamFilter', { free: { ...free, ramMb: 1_023 } }, { ramMb: 1_024 }],
    ['DiskFilter', { free: { ...free, diskGb: 9 } }, { diskGb: 10 }],
  ])('only among those that pass %s', (filter, host, asked) => {
    const bad = hostOf('bad', host);
    expect(select([bad, good], requestOf(asked))).toBe(good);
    const { kind, code, details, message } = refusal([bad], requestOf(asked));
    expect([kind, code, details['filter']]).toEqual(['capacity', 'scheduler.no-valid-host', filter]);
    expect(message).toMatch(/^No valid host was found\. /);
  });

  it('that is filled to the last by what is asked for', () => {
    expect(select([good], requestOf({ vcpus: 2, ramMb: 1_024, diskGb: 10 }))).toBe(good);
  });

  it('by its free memory: the most first', () => {
    const more = hostOf('more', { free: { vcpus: 1, ramMb: 2_048, diskGb: 1 } });
    expect(select([good, more], requestOf())).toBe(more);
    expect(select([more, good], requestOf())).toBe(more);
  });

  it('among equals always the same for one instance, and not the same for all', () => {
    const hosts = ['a', 'b', 'c'].map((name) => hostOf(name));
    const pick = (instanceId: string): string => select(hosts, requestOf({ instanceId })).name;
    expect(pick('one')).toBe(pick('one'));
    const picked = new Set(Array.from({ length: 50 }, (_, i) => pick(`instance-${String(i)}`)));
    expect([...picked].sort()).toEqual(['a', 'b', 'c']);
  });

  it('by name when an administrator says so, whatever the filters say', () => {
    const forced = hostOf('forced', { up: false, enabled: false, free: { vcpus: 0, ramMb: 0, diskGb: 0 } });
    expect(select([good, forced], requestOf({ forcedHost: 'forced' }))).toBe(forced);
  });

  it('never again by name when it was tried already', () => {
    const request = requestOf({ forcedHost: 'good', excludedHosts: ['id-good'] });
    expect(refusal([good], request).details['filter']).toBe('ForcedHost');
    expect(refusal([good], requestOf({ forcedHost: 'unknown' })).message).toContain('unknown');
  });

  it('from nothing, not at all', () => {
    expect(refusal([], requestOf()).code).toBe('scheduler.no-valid-host');
  });

  it('by the weighers that are given', () => {
    const stacking = { name: 'stack', multiplier: -1, weigh: ({ free: { ramMb } }: HostView) => ramMb };
    const more = hostOf('more');
    expect(select([good, more], requestOf(), [], [stacking])).toBe(good);
  });
});
