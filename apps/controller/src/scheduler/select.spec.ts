import { NoValidHost, type PlacementRequest } from '@cairn/domain';

import type { HostView } from './host-view';
import { select as selected } from './select';
import { DEFAULT_SETTINGS, type SchedulerSettings } from './settings';
import { hostOf, judgesOf, leaving, settingsOf } from './testing/hosts';
import { placementOf } from './testing/placements';

const select = (
  hosts: readonly HostView[],
  request: PlacementRequest,
  settings: SchedulerSettings = DEFAULT_SETTINGS,
): HostView => selected(hosts, request, judgesOf(settings)).host;

const requestOf = (over?: Partial<PlacementRequest>): PlacementRequest => placementOf(1, over);

const bare = (over: Partial<HostView['machine']>): HostView['machine'] => ({ ...hostOf('bare').machine, ...over });

const free = { vcpus: 2, ramMb: 1_024, diskGb: 10 };
const good = hostOf('good', { aggregates: [{ ssd: 'true' }], ...leaving(free) });

function refusal(hosts: readonly HostView[], request: PlacementRequest, settings = DEFAULT_SETTINGS): NoValidHost {
  try {
    select(hosts, request, settings);
  } catch (error) {
    if (error instanceof NoValidHost) return error;
    throw error;
  }
  throw new Error('a host was found');
}

describe('a host is chosen', () => {
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
    ['RetryFilter', {}, { excludedHosts: [hostOf('bad').hostId] }],
    ['AggregateCoreFilter', leaving({ ...free, vcpus: 1 }), { vcpus: 2 }],
    ['AggregateRamFilter', leaving({ ...free, ramMb: 1_023 }), { ramMb: 1_024 }],
    ['AggregateDiskFilter', leaving({ ...free, diskGb: 9 }), { diskGb: 10 }],
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

  it('by what is free of it: memory, VCPUs and disk, each as much as the others', () => {
    const memory = hostOf('memory', leaving({ ...free, ramMb: 2_048 }));
    const rest = hostOf('rest', leaving({ vcpus: 3, ramMb: 1_024, diskGb: 20 }));
    expect(select([good, memory], requestOf())).toBe(memory);
    expect(select([memory, rest], requestOf())).toBe(rest);
  });

  it('among equals always the same for one instance, and not the same for all', () => {
    const hosts = ['a', 'b', 'c'].map((name) => hostOf(name));
    const pick = (instanceId: string): string => select(hosts, requestOf({ instanceId })).name;
    expect(pick('one')).toBe(pick('one'));
    const picked = new Set(Array.from({ length: 50 }, (_, i) => pick(`instance-${String(i)}`)));
    expect([...picked].sort()).toEqual(['a', 'b', 'c']);
  });

  it('by name when an administrator says so, whatever the filters say', () => {
    const forced = hostOf('forced', { up: false, enabled: false, ...leaving({ vcpus: 0, ramMb: 0, diskGb: 0 }) });
    expect(select([good, forced], requestOf({ forcedHost: 'forced' }))).toBe(forced);
  });

  it('never again by name when it was tried already', () => {
    const request = requestOf({ forcedHost: 'good', excludedHosts: [good.hostId] });
    expect(refusal([good], request).details['filter']).toBe('ForcedHost');
    expect(refusal([good], requestOf({ forcedHost: 'unknown' })).message).toContain('unknown');
  });

  it('from nothing, not at all', () => {
    expect(refusal([], requestOf()).code).toBe('scheduler.no-valid-host');
  });

  it('by the multipliers of the weighers', () => {
    const more = hostOf('more');
    expect(select([good, more], requestOf())).toBe(more);
    expect(select([good, more], requestOf(), settingsOf({ weights: { ram: -1, cpu: 0, disk: 0 } }))).toBe(good);
  });

  it('that has failed least of late, though all else speaks for another', () => {
    const more = hostOf('more', { failures: 1 });
    expect(select([good, more], requestOf())).toBe(good);
  });

  it('among as many of the best as the settings say', () => {
    const hosts = [1, 2, 3, 4].map((n) => hostOf(String(n), leaving({ ...free, ramMb: 1_000 * n })));
    const names = Array.from(
      { length: 50 },
      (_, i) =>
        select(hosts, requestOf({ instanceId: `instance-${String(i)}` }), settingsOf({ hostSubsetSize: 2 })).name,
    );
    expect([...new Set(names)].sort()).toEqual(['3', '4']);
  });
});
