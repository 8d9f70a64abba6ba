import { streamRef } from '@cairn/domain';
import { ComputeCloud, HOST_ID } from './testing/compute-cloud';
import { withCloud } from './testing/with-cloud';
import { microversion } from './testing/microversion';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAID5tMuRgRVuvqMi/4uglmi4qvFxI2/C54l45j9PkktCO me@here';

describe('the resources of the compute service', () => {
  let cloud: ComputeCloud;
  let demo: string;
  withCloud((started, tenant) => {
    [cloud, demo] = [started, tenant];
  });

  const get = async (who: string, path: string, minor = 1): Promise<unknown> =>
    (await cloud.ask(who, 'GET', path, undefined, microversion(minor))).body;

  it('has the flavors of the guide, and those that administrators make [guide 7]', async () => {
    expect(await get(demo, '/flavors')).toMatchObject({ flavors: ['1', '2', '3', '4', '5'].map((id) => ({ id })) });
    expect(await get(demo, '/flavors/1')).toMatchObject({
      flavor: { name: 'm1.tiny', ram: 512, vcpus: 1, disk: 1, swap: '', rxtx_factor: 1 },
    });
    const body = {
      flavor: { name: 'mine', ram: 64, vcpus: 1, disk: 0, id: 'auto', 'os-flavor-access:is_public': false },
    };
    expect((await cloud.ask(demo, 'POST', '/flavors', body)).body).toEqual({
      forbidden: { code: 403, message: "Policy doesn't allow os_compute_api:os-flavor-manage:create to be performed." },
    });
    const made = await cloud.ask('admin', 'POST', '/flavors', body);
    expect(made.status).toBe(200);
    const { id } = (made.body as { flavor: { id: string } }).flavor;
    expect((await cloud.ask('admin', 'POST', '/flavors', body)).body).toMatchObject({
      conflictingRequest: { message: 'Flavor with name mine already exists.' },
    });
    expect(await get('admin', `/flavors/${id}`)).toMatchObject({ flavor: { name: 'mine', ram: 64 } });
    expect(await get('admin', `/flavors/${id}/os-extra_specs`)).toEqual({ extra_specs: {} });
    expect(await get('admin', `/flavors/${id}/os-flavor-access`)).toEqual({ flavor_access: [] });
    expect(await get(demo, `/flavors/${id}`)).toMatchObject({ itemNotFound: { code: 404 } });
    expect((await cloud.ask('admin', 'DELETE', `/flavors/${id}`)).status).toBe(202);
    expect((await cloud.ask('admin', 'DELETE', `/flavors/${id}`)).status).toBe(404);
    expect((await cloud.ask('admin', 'POST', '/flavors', body)).status).toBe(200);
  });

  it('keeps key pairs of its own making and others', async () => {
    const made = await cloud.ask(demo, 'POST', '/os-keypairs', { keypair: { name: 'mine' } });
    expect(made.status).toBe(200);
    const { private_key: pem } = (made.body as { keypair: { private_key: string } }).keypair;
    expect(pem).toContain('BEGIN RSA PRIVATE KEY');
    expect((await cloud.ask(demo, 'GET', '/os-keypairs/mine')).text).not.toContain('PRIVATE');
    const imported = { keypair: { name: 'theirs', public_key: KEY, type: 'ssh' } };
    expect((await cloud.ask(demo, 'POST', '/os-keypairs', imported)).status).toBe(400); // type is from 2.2 on
    const answer = await cloud.ask(demo, 'POST', '/os-keypairs', imported, microversion(2));
    expect([answer.status, answer.body]).toMatchObject([
      201,
      { keypair: { type: 'ssh', fingerprint: 'c7:ce:e4:50:dd:ff:ad:21:85:37:bd:2a:95:4a:65:71' } },
    ]);
    expect((await cloud.ask(demo, 'POST', '/os-keypairs', imported, microversion(2))).body).toMatchObject({
      conflictingRequest: { message: "Key pair 'theirs' already exists." },
    });
    const list = (await get(demo, '/os-keypairs')) as { keypairs: { keypair: { name: string } }[] };
    expect(list.keypairs.map(({ keypair }) => keypair.name)).toEqual(['mine', 'theirs']);
    expect(await get(demo, '/os-keypairs?limit=1', 35)).toMatchObject({
      keypairs: [{ keypair: { name: 'mine' } }],
      keypairs_links: [{ rel: 'next' }],
    });
    expect(await get(demo, '/os-keypairs?limit=0', 35)).toEqual({ keypairs: [] });
    expect(await get('admin', `/os-keypairs/theirs?user_id=u-${demo}`, 10)).toMatchObject({
      keypair: { name: 'theirs' },
    });
    expect(await get(demo, '/os-keypairs?user_id=u-admin', 10)).toMatchObject({ forbidden: { code: 403 } });
    expect(await get(cloud.tenant(), '/os-keypairs/mine')).toMatchObject({ itemNotFound: { code: 404 } });
    expect((await cloud.ask(demo, 'DELETE', '/os-keypairs/mine')).status).toBe(202);
    expect((await cloud.ask(demo, 'DELETE', '/os-keypairs/theirs', undefined, microversion(2))).status).toBe(204);
    expect((await cloud.ask(demo, 'DELETE', '/os-keypairs/mine')).status).toBe(404);
    expect(await get(demo, '/os-keypairs')).toEqual({ keypairs: [] });
  });

  it('puts the key that a server was launched with in its request', async () => {
    await cloud.ask(demo, 'POST', '/os-keypairs', { keypair: { name: 'login', public_key: KEY } });
    const id = await cloud.launch(demo, { key_name: 'login' });
    const { request } = await cloud.core.executor.state(streamRef('instance', id));
    expect(request).toMatchObject({ keyName: 'login', publicKey: KEY });
  });

  it('knows networks up to 2.35', async () => {
    const { networks } = (await get('admin', '/os-networks')) as { networks: { id: string; label: string }[] };
    expect(networks).toMatchObject([{ label: 'private', bridge: 'br100', dhcp_server: '10.0.0.1' }]);
    expect(JSON.stringify(await get(demo, '/os-networks'))).not.toContain('br100');
    expect(await get(demo, `/os-tenant-networks/${networks[0]?.id ?? ''}`)).toMatchObject({
      network: { label: 'private' },
    });
    for (const path of ['/os-networks', '/os-tenant-networks', '/os-security-groups'])
      expect((await cloud.ask(demo, 'GET', path, undefined, microversion(36))).status).toBe(404);
    const body = { network: { label: 'second', cidr: '10.1.0.0/24', dns1: '9.9.9.9' } };
    expect((await cloud.ask(demo, 'POST', '/os-networks', body)).status).toBe(403);
    const made = await cloud.ask('admin', 'POST', '/os-networks', body);
    expect(made.body).toMatchObject({ network: { label: 'second', gateway: '10.1.0.1', dns1: '9.9.9.9', dns2: null } });
    expect((await cloud.ask('admin', 'POST', '/os-networks', body)).status).toBe(409);
    const { id } = (made.body as { network: { id: string } }).network;
    const server = await cloud.active(demo, { networks: [{ uuid: id }] });
    expect(await get(demo, `/servers/${server}/ips`)).toMatchObject({ addresses: { second: [{ addr: '10.1.0.2' }] } });
    expect(await get(demo, `/servers/${server}/ips/private`)).toMatchObject({ itemNotFound: { code: 404 } });
    expect((await cloud.ask('admin', 'DELETE', `/os-networks/${id}`)).status).toBe(409);
    const empty = await cloud.ask('admin', 'POST', '/os-tenant-networks', {
      network: { label: 'x', cidr: '10.2.0.0/24' },
    });
    const { network } = empty.body as { network: { id: string } };
    expect((await cloud.ask('admin', 'DELETE', `/os-tenant-networks/${network.id}`)).status).toBe(202);
    expect((await cloud.ask('admin', 'GET', `/os-networks/${network.id}`)).status).toBe(404);
  });

  it('counts quotas and lets administrators change them', async () => {
    expect(await get(demo, `/os-quota-sets/p-${demo}`)).toMatchObject({
      quota_set: { instances: 10, floating_ips: 10 },
    });
    expect(await get(demo, '/os-quota-sets/p-admin')).toMatchObject({ forbidden: { code: 403 } });
    expect(await get('admin', '/os-quota-sets/nothing')).toMatchObject({ badRequest: { code: 400 } });
    await cloud.launch(demo);
    expect(await get(demo, `/os-quota-sets/p-${demo}/detail`, 36)).toMatchObject({
      quota_set: { cores: { in_use: 1, limit: 20, reserved: 0 }, ram: { in_use: 512 } },
    });
    const data = { projectId: `p-${demo}`, name: demo, domainId: 'default', description: '', enabled: true };
    await cloud.execute(streamRef('project', `p-${demo}`), { type: 'CreateProject', data });
    await cloud.caughtUp();
    const path = `/os-quota-sets/p-${demo}`;
    const low = await cloud.ask('admin', 'PUT', path, { quota_set: { instances: 0 } });
    expect(low.body).toMatchObject({ badRequest: { code: 400 } });
    const forced = await cloud.ask('admin', 'PUT', path, { quota_set: { instances: 0, force: true } });
    expect(forced.body).toMatchObject({ quota_set: { instances: 0, cores: 20 } });
    await expect(cloud.launch(demo)).rejects.toThrow(/403 .*Quota exceeded for instances/);
    expect((await cloud.ask(demo, 'PUT', path, { quota_set: { instances: 99 } })).status).toBe(403);
    expect((await cloud.ask('admin', 'DELETE', path)).status).toBe(202);
    expect(await get(demo, path)).toMatchObject({ quota_set: { instances: 10 } });
    expect(await get(demo, '/limits')).toMatchObject({ limits: { rate: [], absolute: { totalCoresUsed: 1 } } });
    expect(await get('admin', '/os-quota-class-sets/default')).toMatchObject({ quota_class_set: { instances: 10 } });
  });

  it('lets administrators change the limits of all projects that have none of their own', async () => {
    const path = '/os-quota-class-sets/default';
    const put = (who: string, quota_class_set: object, at = path): ReturnType<typeof cloud.ask> =>
      cloud.ask(who, 'PUT', at, { quota_class_set });
    expect((await put(demo, { instances: 0 })).status).toBe(403);
    expect((await put('admin', { instances: 'many' })).status).toBe(400);
    expect((await put('admin', { instances: 0 }, '/os-quota-class-sets/other')).status).toBe(400);
    const set = await put('admin', { instances: 0, key_pairs: 101 });
    expect([set.status, set.body]).toMatchObject([
      200,
      { quota_class_set: { instances: 0, key_pairs: 101, cores: 20 } },
    ]);
    expect(await get('admin', path)).toMatchObject({ quota_class_set: { id: 'default', instances: 0 } });
    expect(await get(demo, `/os-quota-sets/p-${demo}`)).toMatchObject({ quota_set: { instances: 0, key_pairs: 101 } });
    expect(await get(demo, `/os-quota-sets/p-${demo}/defaults`)).toMatchObject({ quota_set: { instances: 0 } });
    await expect(cloud.launch(demo)).rejects.toThrow(/403 .*Quota exceeded for instances: .* of 0 instances/);
    const own = { limits: { instances: 1 }, force: false };
    await cloud.execute({ category: 'quota', id: `p-${demo}` }, { type: 'SetQuotaLimits', data: own });
    await cloud.launch(demo);
    await put('admin', { instances: 10, key_pairs: 100 });
  });

  it('shows hosts as services, hypervisors and zones', async () => {
    expect(await get('admin', '/os-services?binary=nova-compute', 11)).toMatchObject({
      services: [{ binary: 'nova-compute', host: 'node1', state: 'up', status: 'enabled', forced_down: false }],
    });
    expect(await get('admin', '/os-hypervisors/detail', 28)).toMatchObject({
      hypervisors: [{ hypervisor_hostname: 'node1.example.com', vcpus: 8, cpu_info: { arch: 'x86_64' } }],
    });
    expect(await get('admin', '/os-hypervisors/1')).toMatchObject({ hypervisor: { service: { host: 'node1' } } });
    expect(await get('admin', '/os-hypervisors/node1/search')).toMatchObject({ hypervisors: [{ id: 1 }] });
    expect(await get('admin', '/os-hypervisors/mars/search')).toMatchObject({ itemNotFound: { code: 404 } });
    expect(await get('admin', '/os-hypervisors/statistics')).toMatchObject({ hypervisor_statistics: { count: 1 } });
    jest.spyOn(cloud.core.replies, 'ask').mockResolvedValueOnce(' 12:00:00 up 1 min,  0 users,  load average: 0');
    expect(await get('admin', '/os-hypervisors/1/uptime')).toMatchObject({
      hypervisor: {
        id: 1,
        hypervisor_hostname: 'node1.example.com',
        state: 'up',
        uptime: expect.stringMatching(/ up /) as string,
      },
    });
    expect(await get(demo, '/os-availability-zone')).toEqual({
      availabilityZoneInfo: [{ zoneName: 'nova', zoneState: { available: true }, hosts: null }],
    });
    expect(await get('admin', '/os-availability-zone/detail')).toMatchObject({
      availabilityZoneInfo: [{ zoneName: 'internal' }, { zoneName: 'nova', hosts: { node1: { 'nova-compute': {} } } }],
    });
    expect(await get('admin', '/os-hosts?zone=nova')).toEqual({
      hosts: [{ host_name: 'node1', service: 'compute', zone: 'nova' }],
    });
    expect(await get('admin', '/os-hosts?zone=')).toHaveProperty('hosts.length', 3);
    expect(await get('admin', '/os-aggregates')).toEqual({ aggregates: [] });
  });

  it('lets administrators disable a host or state that it is down, and nobody else', async () => {
    const body = { host: 'node1', binary: 'nova-compute', disabled_reason: 'disk' };
    const put = async (who: string, action: string, given: object = body): Promise<unknown> =>
      (await cloud.ask(who, 'PUT', `/os-services/${action}`, given)).body;
    expect(await put(demo, 'disable-log-reason')).toMatchObject({ forbidden: { code: 403 } });
    expect(await put('admin', 'disable-log-reason')).toEqual({ service: { ...body, status: 'disabled' } });
    expect(await get('admin', '/os-services?host=node1')).toMatchObject({
      services: [{ status: 'disabled', disabled_reason: 'disk' }],
    });
    const { host, binary } = body;
    expect(await put('admin', 'enable', { host, binary })).toEqual({ service: { host, binary, status: 'enabled' } });
    expect(await put('admin', 'disable', { host: 'mars', binary })).toMatchObject({ itemNotFound: { code: 404 } });
    const force = (who: string, forced_down: unknown, minor = 11): Promise<{ status: number; body: unknown }> =>
      cloud.ask(who, 'PUT', '/os-services/force-down', { host, binary, forced_down }, microversion(minor));
    expect((await force('admin', true, 10)).status).toBe(404);
    expect((await force(demo, true)).status).toBe(403);
    expect((await force('admin', 'maybe')).status).toBe(400);
    expect((await force('admin', true)).body).toEqual({ service: { host, binary, forced_down: true } });
    expect(await get('admin', '/os-services?host=node1', 11)).toMatchObject({
      services: [{ status: 'enabled', state: 'down', forced_down: true }],
    });
    expect(await get('admin', '/os-hypervisors/1')).toMatchObject({ hypervisor: { state: 'down' } });
    expect(await get('admin', '/os-hypervisors/1/uptime')).toMatchObject({ badRequest: { code: 400 } });
    expect((await force('admin', 'False')).body).toEqual({ service: { host, binary, forced_down: false } });
    expect(await get('admin', '/os-services?host=node1', 11)).toMatchObject({
      services: [{ state: 'up', forced_down: false }],
    });
    const state = await cloud.core.executor.state(streamRef('host', HOST_ID));
    expect(state).toMatchObject({ enabled: true, disabledReason: null });
  });

  it('sums up what a project used', async () => {
    expect(await get(demo, `/os-simple-tenant-usage/p-${demo}`)).toEqual({ tenant_usage: {} });
    await cloud.active(demo);
    expect(await get(demo, `/os-simple-tenant-usage/p-${demo}`)).toMatchObject({
      tenant_usage: { tenant_id: `p-${demo}`, server_usages: [{ name: 'web', state: 'active' }] },
    });
    expect(await get(demo, '/os-simple-tenant-usage/p-else')).toMatchObject({ forbidden: { code: 403 } });
    expect(await get('admin', '/os-simple-tenant-usage/')).toMatchObject({ itemNotFound: { code: 404 } });
    const turned = `/os-simple-tenant-usage/p-${demo}?start=2026-01-02T00:00:00&end=2026-01-01T00:00:00`;
    expect(await get(demo, turned)).toMatchObject({ badRequest: { code: 400 } });
  });

  it('names its extensions and the default group [guide 102]', async () => {
    expect(await get(demo, '/extensions')).toMatchObject({ extensions: expect.any(Array) as unknown });
    expect(await get(demo, '/extensions/os-keypairs')).toMatchObject({
      extension: { alias: 'os-keypairs', name: 'Keypairs', description: 'Keypair Support.' },
    });
    expect(await get(demo, '/extensions/os-nothing')).toMatchObject({ itemNotFound: { code: 404 } });
    expect(await get(demo, '/os-security-groups')).toMatchObject({ security_groups: [{ name: 'default', rules: [] }] });
  });
});
