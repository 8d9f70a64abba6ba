import { ComputeCloud, HOST_ID } from '../testing/compute-cloud';
import { microversion } from '../testing/microversion';

describe('hosts', () => {
  let cloud: ComputeCloud;

  beforeAll(async () => {
    cloud = await ComputeCloud.start();
  });
  afterAll(() => cloud.close());

  const get = async (path: string, minor: number): Promise<readonly [number, unknown]> => {
    const { status, body } = await cloud.ask('admin', 'GET', path, undefined, microversion(minor));
    return [status, body];
  };

  it('are services that have UUIDs from 2.53 on, by which administrators state all that they say of them', async () => {
    expect(await get('/os-services?binary=nova-compute', 53)).toMatchObject([200, { services: [{ id: HOST_ID }] }]);
    const put = async (body: object, id = HOST_ID, minor = 53): Promise<readonly [number, unknown]> => {
      const answer = await cloud.ask('admin', 'PUT', `/os-services/${id}`, body, microversion(minor));
      return [answer.status, answer.body];
    };
    const service = { id: HOST_ID, host: 'node1', status: 'disabled', disabled_reason: 'disk', forced_down: true };
    const all = { status: 'disabled', disabled_reason: 'disk', forced_down: true };
    expect(await put(all)).toMatchObject([200, { service: { ...service, state: 'down' } }]);
    expect(await put({ status: 'enabled', forced_down: 'false' })).toMatchObject([
      200,
      { service: { status: 'enabled', disabled_reason: null, forced_down: false, state: 'up' } },
    ]);
    expect((await put({ status: 'enabled', disabled_reason: 'disk' }))[0]).toBe(400);
    expect((await put({}))[0]).toBe(400);
    expect((await put({ disabled_reason: 'disk' }))[0]).toBe(400);
    expect((await put(all, '1'))[0]).toBe(400);
    expect((await put(all, '5bbcc3c4-1da2-4437-a48a-66f15b1b13f9'))[0]).toBe(404);
    expect((await put(all, HOST_ID, 52))[0]).toBe(404);
    const [, listed] = await get('/os-services?binary=nova-scheduler', 53);
    const [{ id } = { id: '' }] = (listed as { services: { id: string }[] }).services;
    expect((await put(all, id))[0]).toBe(400);
  });

  it('are hypervisors that are found, and shown with their servers, by parameters from 2.53 on', async () => {
    const server = await cloud.active('admin');
    const found = { id: HOST_ID, hypervisor_hostname: 'node1.example.com' };
    expect(await get('/os-hypervisors?hypervisor_hostname_pattern=NODE1', 53)).toMatchObject([
      200,
      { hypervisors: [found] },
    ]);
    expect((await get('/os-hypervisors?hypervisor_hostname_pattern=mars', 53))[0]).toBe(404);
    expect((await get('/os-hypervisors?hypervisor_hostname_pattern=node&limit=1', 53))[0]).toBe(400);
    expect((await get('/os-hypervisors?with_servers=perhaps', 53))[0]).toBe(400);
    const servers = [{ uuid: server, name: 'instance-00000001' }];
    expect(await get('/os-hypervisors?with_servers=true', 53)).toMatchObject([200, { hypervisors: [{ servers }] }]);
    expect(await get(`/os-hypervisors/${HOST_ID}?with_servers=1`, 88)).toMatchObject([
      200,
      { hypervisor: { servers } },
    ]);
    expect((await get('/os-hypervisors/1', 53))[0]).toBe(400);
    expect((await get('/os-hypervisors/5bbcc3c4-1da2-4437-a48a-66f15b1b13f9', 53))[0]).toBe(404);
    const [, page] = await get('/os-hypervisors?limit=1', 53);
    expect(JSON.stringify(page)).toContain(`marker=${HOST_ID}`);
    expect(await get(`/os-hypervisors?marker=${HOST_ID}`, 53)).toEqual([200, { hypervisors: [] }]);
    expect(await get('/os-hypervisors/detail', 88)).toMatchObject([200, { hypervisors: [{ uptime: 'login:' }] }]);
  });

  it('have resources, are enabled and disabled by name, and are switched by nobody, up to 2.42', async () => {
    const [status, body] = await get('/os-hosts/node1', 42);
    expect([status, (body as { host: object[] }).host[0]]).toEqual([
      200,
      { resource: { host: 'node1', project: '(total)', cpu: 8, memory_mb: 16_384, disk_gb: 200 } },
    ]);
    expect((await get('/os-hosts/mars', 42))[0]).toBe(404);
    expect((await get('/os-hosts', 43))[0]).toBe(404);
    const put = async (given: object): Promise<readonly [number, unknown]> => {
      const answer = await cloud.ask('admin', 'PUT', '/os-hosts/node1', given);
      return [answer.status, answer.body];
    };
    expect(await put({ status: 'disable' })).toEqual([200, { host: 'node1', status: 'disabled' }]);
    expect(await get('/os-services?host=node1', 1)).toMatchObject([200, { services: [{ status: 'disabled' }] }]);
    expect(await put({ status: 'enable' })).toEqual([200, { host: 'node1', status: 'enabled' }]);
    expect((await put({ maintenance_mode: 'enable' }))[0]).toBe(501);
    expect((await put({}))[0]).toBe(400);
    for (const power of ['startup', 'shutdown', 'reboot'])
      expect((await get(`/os-hosts/node1/${power}`, 1))[0]).toBe(501);
    expect((await get('/os-hosts/mars/reboot', 1))[0]).toBe(404);
  });

  it('tell how projects used them in pages of servers from 2.40 on', async () => {
    await cloud.active('admin');
    const usage = async (query: string, minor: number): Promise<{ readonly count: number; readonly next?: string }> => {
      const [, body] = await get(`/os-simple-tenant-usage/p-admin${query}`, minor);
      const { tenant_usage: used, tenant_usage_links: links } = body as {
        tenant_usage: { server_usages?: unknown[] };
        tenant_usage_links?: { href: string }[];
      };
      const next = links?.[0]?.href;
      return { count: used.server_usages?.length ?? 0, ...(next === undefined ? {} : { next }) };
    };
    expect(await usage('?limit=1', 39)).toEqual({ count: 2 });
    const first = await usage('?limit=1', 40);
    expect(first.count).toBe(1);
    const marker = new URL(first.next ?? '').searchParams.get('marker') ?? '';
    expect(await usage(`?limit=5&marker=${marker}`, 40)).toEqual({ count: 1 });
    expect((await get('/os-simple-tenant-usage/p-admin?marker=none', 40))[0]).toBe(400);
    expect((await get('/os-simple-tenant-usage?other=1', 75))[0]).toBe(400);
  });
});
