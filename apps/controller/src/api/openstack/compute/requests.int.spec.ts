import { ComputeCloud, IMAGE_ID } from './testing/compute-cloud';
import { withCloud } from './testing/with-cloud';
import { microversion } from './testing/microversion';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAID5tMuRgRVuvqMi/4uglmi4qvFxI2/C54l45j9PkktCO me@here';
const groupOf = (name: string): object => ({ server_group: { name, policies: ['affinity'] } });

describe('requests to the compute service', () => {
  let cloud: ComputeCloud;
  let demo: string;
  withCloud((started, tenant) => {
    [cloud, demo] = [started, tenant];
  });

  const get = async (who: string, path: string, minor = 1): Promise<unknown> =>
    (await cloud.ask(who, 'GET', path, undefined, microversion(minor))).body;

  it.each(['/', '/v2', '/v2/', '/v2.1', '/v2.1/'])('tells its versions at %s to anybody', async (url) => {
    const { status, text } = await cloud.raw('GET', url);
    expect(status).toBe(200);
    if (!url.startsWith('/v2')) expect(text).toContain('"id":"v2.0"');
    if (!url.startsWith('/v2/') && url !== '/v2') expect(text).toMatch(/"version":"2.93","min_version":"2.1"/);
    expect(text).toContain('http://localhost:8774/v2');
  });

  it('answers in the microversion asked for and says so', async () => {
    const plain = await cloud.ask(demo, 'GET', '/servers');
    expect(plain.headers).toMatchObject({
      'openstack-api-version': 'compute 2.1',
      'x-openstack-nova-api-version': '2.1',
      vary: 'OpenStack-API-Version, X-OpenStack-Nova-API-Version',
    });
    const latest = await cloud.ask(demo, 'GET', '/servers', undefined, microversion('latest'));
    expect(latest.headers['openstack-api-version']).toBe('compute 2.93');
    const beyond = await cloud.ask(demo, 'GET', '/servers', undefined, microversion(99));
    expect([beyond.status, beyond.body]).toEqual([
      406,
      {
        computeFault: {
          code: 406,
          message: 'Version 2.99 is not supported by the API. Minimum is 2.1 and maximum is 2.93.',
        },
      },
    ]);
    const malformed = await cloud.ask(demo, 'GET', '/servers', undefined, { 'openstack-api-version': 'compute x' });
    expect(malformed.status).toBe(400);
  });

  it('asks who it is before it says which versions there are', async () => {
    const { status } = await cloud.raw('GET', '/v2.1/servers', { 'x-auth-token': 'nobody', ...microversion(99) });
    expect(status).toBe(401);
  });

  it('serves /v2 without microversions and /v2.1 without a project in the URL', async () => {
    const old = await cloud.raw('GET', `/v2/p-${demo}/os-networks`, {
      'x-auth-token': demo,
      ...microversion(38),
      'x-openstack-nova-api-version': '2.38',
    });
    expect(old.status).toBe(200);
    expect(old.headers['openstack-api-version']).toBeUndefined();
    const bare = await cloud.raw('GET', '/v2.1/flavors', { 'x-auth-token': demo });
    expect(bare.text).toContain('http://localhost:8774/v2.1/flavors/1');
    expect(bare.text).toContain('"http://localhost:8774/flavors/1"');
  });

  it('takes no token for the project of another URL', async () => {
    const strange = await cloud.raw('GET', '/v2.1/p-else/servers', { 'x-auth-token': demo });
    expect(strange.body).toEqual({
      badRequest: {
        code: 400,
        message: `Malformed request URL: URL's project_id 'p-else' doesn't match Context's project_id 'p-${demo}'`,
      },
    });
    expect((await cloud.raw('GET', '/v2.1/servers', { 'x-auth-token': 'unscoped' })).status).toBe(403);
    expect((await cloud.raw('GET', '/v2.1/servers', { 'x-auth-token': 'forged' })).status).toBe(401);
    expect((await cloud.raw('GET', '/v2.1/servers')).status).toBe(401);
  });

  it('does once what the same request asks for twice', async () => {
    const key = { 'idempotency-key': 'again' };
    const keypair = { keypair: { name: 'once', public_key: KEY } };
    const flavor = { flavor: { name: 'once', ram: 64, vcpus: 1, disk: 1 } };
    const network = { network: { label: 'once', cidr: '10.8.0.0/24' } };
    for (const [who, path, body] of [
      [demo, '/os-keypairs', keypair],
      ['admin', '/flavors', flavor],
      ['admin', '/os-networks', network],
    ] as const) {
      const first = await cloud.ask(who, 'POST', path, body, key);
      const again = await cloud.ask(who, 'POST', path, body, key);
      expect([path, first.status]).toEqual([path, 200]);
      expect(again.body).toEqual(first.body);
      expect((await cloud.ask(who, 'POST', path, body)).status).toBe(409);
    }
    await cloud.ask(demo, 'POST', '/os-keypairs', { keypair: { name: 'made' } }, { 'idempotency-key': 'made' });
    const again = await cloud.ask(
      demo,
      'POST',
      '/os-keypairs',
      { keypair: { name: 'made' } },
      { 'idempotency-key': 'made' },
    );
    expect(again.body).toMatchObject({
      conflictingRequest: { message: expect.stringContaining('shown once') as string },
    });
  });

  it('refuses another request by the key of one before, and does nothing', async () => {
    const key = { 'idempotency-key': 'reused' };
    const network = { label: 'first', cidr: '10.9.0.0/24' };
    const server = { name: 'first', flavorRef: '1', imageRef: IMAGE_ID };
    for (const [who, path, body, changed] of [
      [demo, '/servers', { server }, { server: { ...server, name: 'second' } }],
      [
        demo,
        '/os-keypairs',
        { keypair: { name: 'k1', public_key: KEY } },
        { keypair: { name: 'k2', public_key: KEY } },
      ],
      [
        'admin',
        '/flavors',
        { flavor: { name: 'f1', ram: 64, vcpus: 1, disk: 1 } },
        { flavor: { name: 'f1', ram: 65, vcpus: 1, disk: 1 } },
      ],
      ['admin', '/os-networks', { network }, { network: { ...network, label: 'second' } }],
      [demo, '/os-server-groups', groupOf('first'), groupOf('second')],
    ] as const) {
      const first = await cloud.ask(who, 'POST', path, body, key);
      expect([path, first.status < 300]).toEqual([path, true]);
      const before = cloud.memory.store.all().filter(({ stream }) => !stream.startsWith('audit-')).length;
      const other = await cloud.ask(who, 'POST', path, changed, key);
      expect([path, other.status, other.body]).toEqual([
        path,
        409,
        {
          conflictingRequest: { code: 409, message: 'The idempotency key was used for another request before.' },
        },
      ]);
      expect(cloud.memory.store.all().filter(({ stream }) => !stream.startsWith('audit-'))).toHaveLength(before);
      expect((await cloud.ask(who, 'POST', path, body, key)).body).toEqual(first.body);
    }
  });

  it('refuses administration to tenants, naming the rule', async () => {
    const rules: readonly (readonly [string, string])[] = [
      ['/os-services', 'os_compute_api:os-services:list'],
      ['/os-hypervisors', 'os_compute_api:os-hypervisors'],
      ['/os-hypervisors/detail', 'os_compute_api:os-hypervisors'],
      ['/os-availability-zone/detail', 'os_compute_api:os-availability-zone:detail'],
      ['/os-hosts', 'os_compute_api:os-hosts:list'],
      ['/os-aggregates', 'os_compute_api:os-aggregates:index'],
      ['/os-simple-tenant-usage', 'os_compute_api:os-simple-tenant-usage:list'],
      ['/servers?all_tenants=1', 'os_compute_api:servers:index:get_all_tenants'],
      ['/servers/detail?all_tenants=1', 'os_compute_api:servers:detail:get_all_tenants'],
    ];
    for (const [path, rule] of rules)
      expect(await get(demo, path)).toEqual({
        forbidden: { code: 403, message: `Policy doesn't allow ${rule} to be performed.` },
      });
  });

  it('lets a reader look and change nothing', async () => {
    const ask = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<{ status: number }> =>
      cloud.raw(method, `/v2.1/p-t1${path}`, { 'x-auth-token': 'reader' }, body);
    const id = await cloud.launch('t1');
    expect((await ask('GET', `/servers/${id}`)).status).toBe(200);
    expect((await ask('POST', `/servers/${id}/action`, { 'os-stop': null })).status).toBe(403);
    expect((await ask('POST', `/servers/${id}/metadata`, { metadata: {} })).status).toBe(403);
    expect((await ask('DELETE', `/servers/${id}`)).status).toBe(403);
    expect((await cloud.ask('t1', 'DELETE', `/servers/${id}`)).status).toBe(204);
  });
});
