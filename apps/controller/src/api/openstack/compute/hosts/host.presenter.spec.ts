import { AT, hostRow } from '../testing/rows';
import { shapeDifferences } from '../testing/shapes';
import {
  presentHypervisor,
  presentHypervisorBrief,
  presentHypervisorServers,
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
const load = { workload: 0 };

describe('hosts', () => {
  it.each([
    [1, 'services-list-get-resp'],
    [11, 'v2.11/services-list-get-resp'],
  ])('are services in 2.%i as nova lists them', (minor, sample) => {
    const disabled = services.map((service) => ({ ...service, disabledReason: 'test1' }));
    const own = { onlyType: ['host', 'binary', 'disabled_reason', 'updated_at', 'status', 'state', 'zone', 'id'] };
    const answer = { services: disabled.map((service) => presentService(service, minor)) };
    expect(shapeDifferences(answer, 'os-services', sample, own)).toEqual([]);
  });

  it('that went down were last heard of before', () => {
    const row = hostRow({ up: false, lastSeenAt: '2026-11-22T11:00:00.000Z' });
    expect(computeService(row, AT)).toMatchObject({ up: false, updatedAt: '2026-11-22T11:00:00.000Z' });
  });

  it.each([
    [1, 'hypervisors-show-resp'],
    [28, 'v2.28/hypervisors-show-resp'],
  ])('are hypervisors in 2.%i as nova shows them', (minor, sample) => {
    const own = { onlyType: ['cpu_info', 'hypervisor_hostname', 'host_ip', 'host', 'id', 'model', 'vendor', 'arch'] };
    const hypervisor = presentHypervisor(hostRow(), load, minor);
    expect(shapeDifferences({ hypervisor }, 'os-hypervisors', sample, own)).toEqual([]);
  });

  it('are listed, summed up and searched as hypervisors', () => {
    const hypervisors = [presentHypervisorBrief(hostRow())];
    const own = { onlyType: ['hypervisor_hostname', 'id'] };
    expect(shapeDifferences({ hypervisors }, 'os-hypervisors', 'hypervisors-list-resp', own)).toEqual([]);
    const sums = presentStatistics([hostRow(), hostRow({ usedVcpus: 3 }), hostRow({ enabled: false })], () => load);
    expect(shapeDifferences(sums, 'os-hypervisors', 'hypervisors-statistics-resp')).toEqual([]);
    expect(sums).toMatchObject({ hypervisor_statistics: { count: 2, vcpus: 16, vcpus_used: 5 } });
  });

  it('are shown with their servers by domain name', () => {
    const hypervisors = [presentHypervisorServers(hostRow(), [{ id: 'aaaa', number: 26 }])];
    expect(hypervisors).toEqual([expect.objectContaining({ servers: [{ uuid: 'aaaa', name: 'instance-0000001a' }] })]);
    expect(presentHypervisorServers(hostRow(), [])).not.toHaveProperty('servers');
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
