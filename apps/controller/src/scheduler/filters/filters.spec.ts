import { ALL_CAPABILITIES, instanceRef, NoValidHost, type PlacementRequest, Table } from '@cairn/domain';
import { inventoryOf } from '../../../../../libs/domain/src/testing/model';
import { idOf } from '../../runtime/testing/fixtures';
import type { HostView } from '../host-view';
import { claimLimits } from '../limits';
import { select } from '../select';
import { hostOf, judgesOf, leaving, settingsOf } from '../testing/hosts';
import { placementOf } from '../testing/placements';
import { type FilterName, FILTER_NAMES } from './names';

const [PROJECT, OTHER] = [idOf('project'), idOf('another project')];
const [FRIEND, IMAGE] = [idOf('friend'), idOf('image')];

const claimed = (instanceId: string, projectId = PROJECT): Partial<HostView> => ({
  claims: Table.from([
    [
      'claim',
      { claimId: 'claim', owner: instanceRef(instanceId), projectId, amounts: { vcpus: 1, ramMb: 1, diskGb: 1 } },
    ],
  ]),
});

const busy = (ioOps: number, ...flavors: readonly string[]): Partial<HostView> => ({
  load: { ioOps, flavors: new Set(flavors) },
});

const at = (hostIp: string): Partial<HostView> => ({ inventory: inventoryOf({ hostIp }) });

interface Case {
  readonly filter: FilterName;
  readonly good: Partial<HostView>;
  readonly bad: Partial<HostView>;
  readonly asked?: Partial<PlacementRequest>;
  readonly settings?: object;
  readonly why: RegExp;
}

const query = (...parts: readonly unknown[]): Partial<PlacementRequest> => ({
  hints: { query: JSON.stringify(parts) },
});

const CASES: readonly Case[] = [
  {
    filter: 'SameHostFilter',
    good: claimed(FRIEND),
    bad: claimed(FRIEND, OTHER),
    asked: { hints: { sameHost: [idOf('nobody'), FRIEND] } },
    why: new RegExp(`^has none of .*${FRIEND}$`),
  },
  {
    filter: 'DifferentHostFilter',
    good: claimed(FRIEND, OTHER),
    bad: claimed(FRIEND),
    asked: { hints: { differentHost: [FRIEND] } },
    why: /^has one of /,
  },
  {
    filter: 'SimpleCIDRAffinityFilter',
    good: at('192.0.2.200'),
    bad: at('192.0.3.1'),
    asked: { hints: { nearHost: '192.0.2.7/24' } },
    why: /^has the address 192\.0\.3\.1, asked for 192\.0\.2\.7\/24$/,
  },
  {
    filter: 'IsolatedHostsFilter',
    good: { name: 'kept' },
    bad: {},
    asked: { imageId: IMAGE },
    settings: { isolated: { images: [IMAGE], hosts: ['kept'] } },
    why: /^the image is isolated, the host is not isolated$/,
  },
  {
    filter: 'IsolatedHostsFilter',
    good: {},
    bad: { name: 'kept' },
    settings: { isolated: { images: [], hosts: ['kept'] } },
    why: /^the image is not isolated, the host is isolated$/,
  },
  {
    filter: 'TypeAffinityFilter',
    good: busy(0, 'm1.tiny'),
    bad: busy(0, 'm1.tiny', 'm1.large'),
    why: /^has servers of m1\.tiny, m1\.large, asked for m1\.tiny$/,
  },
  {
    filter: 'AggregateTypeAffinityFilter',
    good: { aggregates: [{ instance_type: 'm1.large, m1.tiny' }] },
    bad: { aggregates: [{ instance_type: 'm1.tiny' }, { instance_type: 'm1.large' }] },
    why: /^is kept for m1\.tiny, m1\.large, asked for m1\.tiny$/,
  },
  { filter: 'IoOpsFilter', good: busy(7), bad: busy(8), why: /^8 operations .*fewer than 8 allowed$/ },
  {
    filter: 'AggregateIoOpsFilter',
    good: { ...busy(9), aggregates: [{ max_io_ops_per_host: '10' }, { max_io_ops_per_host: 'many' }] },
    bad: { ...busy(3), aggregates: [{ max_io_ops_per_host: '10' }, { max_io_ops_per_host: '2' }] },
    why: /^3 operations .*fewer than 2 allowed$/,
  },
  {
    filter: 'NumInstancesFilter',
    good: { instances: 1 },
    bad: { instances: 2 },
    settings: { maxInstancesPerHost: 2 },
    why: /^2 servers, fewer than 2 allowed$/,
  },
  {
    filter: 'AggregateNumInstancesFilter',
    good: { instances: 60, aggregates: [{ max_instances_per_host: '61' }] },
    bad: { instances: 50 },
    why: /^50 servers, fewer than 50 allowed$/,
  },
  {
    filter: 'CoreFilter',
    good: leaving({ vcpus: 2, ramMb: 0, diskGb: 0 }),
    bad: leaving({ vcpus: 1, ramMb: 0, diskGb: 0 }),
    asked: { vcpus: 2 },
    why: /^1 VCPUs free of 8 with over-commit, 2 needed$/,
  },
  {
    filter: 'AggregateRamFilter',
    good: { ...leaving({ vcpus: 0, ramMb: 0, diskGb: 0 }), aggregates: [{ ram_allocation_ratio: '2.0' }] },
    bad: { aggregates: [{ ram_allocation_ratio: '2.0' }, { ram_allocation_ratio: '0.01' }] },
    why: /needed$/,
  },
  {
    filter: 'ComputeCapabilitiesFilter',
    good: { inventory: { ...inventoryOf(), hypervisorVersion: 7 } },
    bad: { inventory: { ...inventoryOf(), hypervisorVersion: 6 } },
    asked: { extraSpecs: { 'capabilities:hypervisor_version': '>= 7', 'hw:cpu_policy': 'shared' } },
    why: /^does not have capabilities:hypervisor_version >= 7$/,
  },
  {
    filter: 'ComputeCapabilitiesFilter',
    good: { name: 'here' },
    bad: { name: 'there' },
    asked: { extraSpecs: { host: 's== here' } },
    why: /^does not have host s== here$/,
  },
  {
    filter: 'JsonFilter',
    good: { instances: 1, name: 'b' },
    bad: { instances: 4, name: 'b' },
    asked: query('and', ['<=', '$num_instances', 3], ['not', ['in', '$host', 'a', 'c']]),
    why: /^is not what was asked for/,
  },
  {
    filter: 'ImagePropertiesFilter',
    good: { inventory: { ...inventoryOf(), capabilities: ALL_CAPABILITIES } },
    bad: { inventory: { ...inventoryOf(), capabilities: ['machineType:q35', 'watchdog'] } },
    asked: { hardware: { machineType: 'q35', watchdog: 'reset', nicModel: 'e1000' } },
    why: /^cannot make the machine that image and flavor demand: lacks nicModel:e1000$/,
  },
  {
    filter: 'ImagePropertiesFilter',
    good: { inventory: { ...inventoryOf(), capabilities: ALL_CAPABILITIES } },
    bad: {},
    asked: { hardware: { firmware: { type: 'uefi' } } },
    why: /lacks firmware$/,
  },
  {
    filter: 'PciPassthroughFilter',
    good: {},
    bad: {},
    asked: { extraSpecs: { 'pci_passthrough:alias': 'gpu:1' } },
    why: /asked for gpu:1$/,
  },
  {
    filter: 'TrustedFilter',
    good: {},
    bad: {},
    asked: { extraSpecs: { 'trust:trusted_host': 'trusted' } },
    why: /asked for trusted$/,
  },
];

/** Whether the filter alone lets the host pass; else its reason for operators. */
function verdict(host: Partial<HostView>, { filter, asked = {}, settings = {} }: Case): string | true {
  const judges = judgesOf(settingsOf({ ...settings, filters: [filter] }));
  try {
    select([hostOf('host', host)], placementOf(1, { projectId: PROJECT, ...asked }), judges);
    return true;
  } catch (error) {
    if (!(error instanceof NoValidHost)) throw error;
    const [excluded] = error.selection.excluded;
    expect([error.details['filter'], excluded?.filter]).toEqual([filter, filter]);
    return excluded?.why ?? '';
  }
}

describe('a filter that the settings choose', () => {
  it.each(CASES)('$filter says why it excludes a host', (one) => {
    expect(verdict(one.bad, one)).toMatch(one.why);
  });

  it.each(CASES.filter(({ good, bad }) => good !== bad && JSON.stringify(good) !== JSON.stringify(bad)))(
    '$filter lets others pass',
    (one) => {
      expect(verdict(one.good, one)).toBe(true);
    },
  );

  it.each(FILTER_NAMES)('%s lets a host pass when nothing is asked of it', (filter) => {
    expect(verdict({}, { filter, good: {}, bad: {}, why: /./ })).toBe(true);
  });

  it('leaves extra specs without a scope to the filter of aggregates where that is chosen', () => {
    const filters = ['AggregateInstanceExtraSpecsFilter', 'ComputeCapabilitiesFilter'];
    const judges = judgesOf(settingsOf({ filters }));
    const host = hostOf('ssd', { aggregates: [{ ssd: 'true' }] });
    expect(select([host], placementOf(1, { extraSpecs: { ssd: 'true' } }), judges).host).toBe(host);
  });
});

describe('the limits of a claim', () => {
  const settings = settingsOf({});
  it("are the host's own unless ratios say otherwise", () => {
    expect(claimLimits(hostOf('a'), settings)).toEqual({});
    const host = hostOf('a', { aggregates: [{ cpu_allocation_ratio: '1.0' }] });
    expect(claimLimits(host, settings)).toEqual({ limits: { vcpus: 8, ramMb: 12_288, diskGb: 100 } });
    expect(claimLimits(host, settingsOf({ ratios: { diskGb: 2 } }))).toEqual({
      limits: { vcpus: 8, ramMb: 12_288, diskGb: 200 },
    });
  });

  it('are none where no filter holds a host to them', () => {
    expect(claimLimits(hostOf('a'), settingsOf({ filters: ['ComputeFilter', 'RamFilter'] }))).toEqual({
      limits: { ramMb: 12_288 },
    });
  });
});
