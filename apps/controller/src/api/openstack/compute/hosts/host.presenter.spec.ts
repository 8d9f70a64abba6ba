import { AT, hostRow, PROJECT, serverRow } from '../testing/rows';
import { shapeDifferences } from '../testing/shapes';
import { presentHostResources } from './host.presenter';
import {
  presentHypervisor,
  presentHypervisorBrief,
  type HypervisorViewer,
  presentStatistics,
} from './hypervisor.presenter';
import {
  computeService,
  controllerServices,
  presentHostBrief,
  presentService,
  presentZoneDetails,
  presentZones,
} from './service.presenter';

const services = [...controllerServices('controller', AT), computeService(hostRow(), AT)];
const loadOf = (): { workload: number } => ({ workload: 0 });
const viewer = (minor: number): HypervisorViewer => ({ minor, loadOf, uptimes: new Map() });
const withServers = (minor: number): HypervisorViewer => ({
  ...viewer(minor),
  serversOf: () => [{ id: 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa', number: 26 }],
});

const OWN = ['cpu_info', 'hypervisor_hostname', 'host_ip', 'host', 'id', 'model', 'vendor', 'arch', 'name'];

describe('hosts', () => {
  it.each([
    [1, 'services-list-get-resp'],
    [11, 'v2.11/services-list-get-resp'],
    [53, 'v2.53/services-list-get-resp'],
    [93, 'v2.53/services-list-get-resp'],
  ])('are services in 2.%i as nova lists them', (minor, sample) => {
    const disabled = services.map((service) => ({ ...service, disabledReason: 'test1' }));
    const own = { onlyType: ['host', 'binary', 'disabled_reason', 'updated_at', 'status', 'state', 'zone', 'id'] };
    const answer = { services: disabled.map((service) => presentService(service, { minor })) };
    expect(shapeDifferences(answer, 'os-services', sample, own)).toEqual([]);
  });

  it('that went down were last heard of before', () => {
    const row = hostRow({ up: false, lastSeenAt: '2026-11-22T11:00:00.000Z' });
    expect(computeService(row, AT)).toMatchObject({ up: false, updatedAt: '2026-11-22T11:00:00.000Z' });
  });

  it.each([
    [1, 'hypervisors-show-resp'],
    [28, 'v2.28/hypervisors-show-resp'],
    [53, 'v2.53/hypervisors-show-resp'],
    [93, 'v2.88/hypervisors-show-resp'],
  ])('are hypervisors in 2.%i as nova shows them', (minor, sample) => {
    const hypervisor = presentHypervisor(hostRow(), viewer(minor));
    expect(shapeDifferences({ hypervisor }, 'os-hypervisors', sample, { onlyType: OWN })).toEqual([]);
  });

  it('are listed, summed up and searched as hypervisors', () => {
    const hypervisors = [presentHypervisorBrief(hostRow(), { minor: 1 })];
    const own = { onlyType: ['hypervisor_hostname', 'id'] };
    expect(shapeDifferences({ hypervisors }, 'os-hypervisors', 'hypervisors-list-resp', own)).toEqual([]);
    const sums = presentStatistics([hostRow(), hostRow({ usedVcpus: 3 }), hostRow({ enabled: false })], loadOf);
    expect(shapeDifferences(sums, 'os-hypervisors', 'hypervisors-statistics-resp')).toEqual([]);
    expect(sums).toMatchObject({ hypervisor_statistics: { count: 2, vcpus: 16, vcpus_used: 5 } });
  });

  it('are shown with their servers by domain name', () => {
    for (const [minor, version] of [
      [53, 'v2.53'],
      [88, 'v2.88'],
    ] as const) {
      const hypervisors = [presentHypervisor(hostRow(), withServers(minor))];
      const sample = `${version}/hypervisors-detail-with-servers-resp`;
      expect(shapeDifferences({ hypervisors }, 'os-hypervisors', sample, { onlyType: OWN })).toEqual([]);
    }
    const none = (minor: number): unknown => presentHypervisorBrief(hostRow(), { minor, serversOf: () => [] });
    expect(none(74)).not.toHaveProperty('servers');
    expect(none(75)).toHaveProperty('servers', []);
  });

  it('say how long they have been up, as far as they answered', () => {
    const uptimes = new Map([[hostRow().id, 'up 3 days']]);
    expect(presentHypervisor(hostRow(), { ...viewer(88), uptimes })).toMatchObject({ uptime: 'up 3 days' });
    expect(presentHypervisor(hostRow(), viewer(88))).toMatchObject({ uptime: null });
    expect(presentHypervisor(hostRow(), { ...viewer(87), uptimes })).not.toHaveProperty('uptime');
  });

  it('have resources, which projects use', () => {
    const host = presentHostResources(hostRow(), [serverRow(), serverRow({ projectId: 'other', vcpus: 2 })]);
    const own = { onlyType: ['host', 'project'] };
    expect(shapeDifferences({ host }, 'os-hosts', 'host-get-resp', own)).toEqual([]);
    const of = (project: string, cpu: number): unknown => ({
      resource: expect.objectContaining({ project, cpu }) as unknown,
    });
    expect(host).toEqual([of('(total)', 8), of('(used_now)', 2), of('(used_max)', 3), of(PROJECT, 1), of('other', 2)]);
  });

  it('form zones; tenants see those that they can choose', () => {
    expect(presentZones(services)).toEqual({
      availabilityZoneInfo: [{ zoneName: 'nova', zoneState: { available: true }, hosts: null }],
    });
    expect(presentZoneDetails(services)).toMatchObject({
      availabilityZoneInfo: [
        { zoneName: 'internal', hosts: { controller: { 'nova-conductor': { available: true, active: true } } } },
        { zoneName: 'nova', hosts: { node1: { 'nova-compute': { available: true, active: true } } } },
      ],
    });
  });

  it('are listed as hosts', () => {
    const hosts = services.map(presentHostBrief);
    const own = { onlyType: ['host_name', 'service', 'zone'] };
    expect(shapeDifferences({ hosts }, 'os-hosts', 'hosts-list-resp', own)).toEqual([]);
    expect(hosts[2]).toEqual({ host_name: 'node1', service: 'compute', zone: 'nova' });
  });
});
