import { ComputeCloud, IMAGE_ID } from './testing/compute-cloud';

/** What a client that means no good, or does not know better, may send. Each is answered in nova's shape, never by 500. */
describe('bad input', () => {
  let cloud: ComputeCloud;
  let demo: string;
  let server: string;

  beforeAll(async () => {
    cloud = await ComputeCloud.start();
    demo = cloud.tenant();
    server = await cloud.active(demo);
  });
  afterAll(() => cloud.close());

  const STRANGE: readonly unknown[] = [
    null,
    true,
    0,
    -1,
    1e308,
    '',
    'text',
    '\u0000',
    '\ud800',
    '../../etc/passwd',
    "'; DROP TABLE server_v2; --",
    'x'.repeat(70_000),
    [],
    [null],
    [[[]]],
    {},
    { a: null },
    { constructor: 1 },
    { length: 5 },
    { then: 1 },
  ];

  /** Every path that takes a body, with a body that is right but for what is put in its place. */
  const BODIES: readonly (readonly ['POST' | 'PUT', () => string, Record<string, unknown>])[] = [
    [
      'POST',
      () => '/servers',
      { server: { name: 'x', flavorRef: '1', imageRef: IMAGE_ID, networks: [], metadata: {} } },
    ],
    ['PUT', () => `/servers/${server}`, { server: { name: 'x', 'OS-DCF:diskConfig': 'AUTO' } }],
    ['POST', () => `/servers/${server}/action`, { reboot: { type: 'HARD' } }],
    ['POST', () => `/servers/${server}/action`, { 'os-getConsoleOutput': { length: 1 } }],
    ['POST', () => `/servers/${server}/metadata`, { metadata: { a: 'b' } }],
    ['PUT', () => `/servers/${server}/metadata`, { metadata: { a: 'b' } }],
    ['PUT', () => `/servers/${server}/metadata/a`, { meta: { a: 'b' } }],
    ['POST', () => '/flavors', { flavor: { name: 'f', ram: 1, vcpus: 1, disk: 1, id: 'f', rxtx_factor: 1, swap: 0 } }],
    ['POST', () => '/os-keypairs', { keypair: { name: 'k', public_key: 'ssh-rsa AAAA' } }],
    ['POST', () => '/os-networks', { network: { label: 'n', cidr: '10.9.0.0/24', gateway: '10.9.0.1', mtu: 1500 } }],
    ['POST', () => '/os-tenant-networks', { network: { label: 'n', cidr: '10.9.0.0/24' } }],
    ['PUT', () => '/os-quota-sets/p-admin', { quota_set: { instances: 1, force: true } }],
    ['PUT', () => '/os-services/disable', { host: 'nowhere', binary: 'nova-compute' }],
    ['PUT', () => '/os-services/disable-log-reason', { host: 'nowhere', binary: 'b', disabled_reason: 'r' }],
  ];

  /** The body with each of its values in turn replaced. */
  function* spoiled(body: unknown, by: unknown): Generator {
    yield by;
    if (typeof body !== 'object' || body === null) return;
    for (const [key, value] of Object.entries(body))
      for (const inner of spoiled(value, by)) yield Array.isArray(body) ? [inner] : { ...body, [key]: inner };
    if (!Array.isArray(body)) yield { ...body, surprise: by };
  }

  it.each(BODIES)('%s %s: no value anywhere makes it fail', async (method, path, body) => {
    for (const strange of STRANGE) {
      for (const sent of spoiled(body, strange)) {
        const reply = await cloud.ask('admin', method, path(), sent ?? 'null', {
          'x-openstack-nova-api-version': '2.38',
        });
        if (reply.status >= 500 && reply.status !== 501)
          throw new Error(`${String(reply.status)} for ${JSON.stringify(sent).slice(0, 300)}`);
        if (reply.status >= 400)
          expect(Object.values(reply.body as object)).toEqual([
            { code: reply.status, message: expect.any(String) as string },
          ]);
      }
    }
  });

  const SERVERS = 'limit marker sort_key sort_dir status name ip flavor changes-since all_tenants power_state deleted';
  const LISTS: Readonly<Record<string, string>> = {
    '/servers': SERVERS,
    '/flavors/detail': 'limit marker sort_key sort_dir minRam minDisk is_public',
    '/os-keypairs': 'limit marker user_id',
    '/os-hypervisors': 'limit marker',
    '/os-services': 'host binary',
    '/os-simple-tenant-usage': 'start end detailed',
    '/limits': 'tenant_id',
  };

  it('no query makes a list fail', async () => {
    const texts = ['', '1', '-1', 'x', '(', '^(a+)+$', '%00', '%ed%a0%80', "'--", '99999999999999999999'];
    for (const [path, keys] of Object.entries(LISTS)) {
      for (const key of keys.split(' ')) {
        for (const text of texts) {
          for (const query of [`${key}=${text}`, `${key}=${text}&${key}=${text}`]) {
            const reply = await cloud.ask('admin', 'GET', `${path}?${query}`, undefined, {
              'openstack-api-version': 'compute 2.38',
            });
            if (reply.status >= 500) throw new Error(`${String(reply.status)} for ${path}?${query}`);
          }
        }
      }
    }
  });

  it('no id makes a path fail', async () => {
    const ids = [
      'x',
      '%00',
      '%2e%2e%2f',
      'a'.repeat(1000),
      "'",
      '%ed%a0%80',
      '%',
      '__proto__',
      'constructor',
      '-1',
      '1e9',
    ];
    const paths = ['servers/ID', 'servers/ID/ips', 'servers/ID/ips/ID', 'servers/ID/metadata/ID', 'flavors/ID']
      .concat(['servers/ID/os-instance-actions/ID', 'os-keypairs/ID', 'os-quota-sets/ID', 'os-quota-sets/ID/detail'])
      .concat(['os-hypervisors/ID', 'os-hypervisors/ID/search', 'os-hypervisors/ID/servers', 'extensions/ID'])
      .concat(['os-simple-tenant-usage/ID', 'os-networks/ID', 'os-tenant-networks/ID', 'os-security-groups/ID', 'ID']);
    for (const id of ids) {
      for (const path of paths) {
        for (const method of ['GET', 'DELETE', 'PUT', 'POST'] as const) {
          const url = `/v2.1/p-admin/${path.replaceAll('ID', id)}`;
          const { status } = await cloud.raw(method, url, { 'x-auth-token': 'admin' });
          if (status >= 500 && status !== 501) throw new Error(`${String(status)} for ${method} ${url}`);
        }
      }
    }
  });

  it('bodies that are no JSON, of other types or too large are told so', async () => {
    const send = async (body: string, headers: Record<string, string> = {}): Promise<number> =>
      (await cloud.raw('POST', `/v2.1/p-${demo}/servers`, { 'x-auth-token': demo, ...headers }, body)).status;
    expect(await send('{')).toBe(400);
    expect(await send('')).toBe(400);
    expect(await send('{"server": {"name": "x", "__proto__": {"a": 1}}}')).toBe(400);
    expect(await send('['.repeat(10_000))).toBe(400);
    expect(await send('<xml/>', { 'content-type': 'application/xml' })).toBe(415);
    expect(await send('a=b', { 'content-type': 'application/x-www-form-urlencoded' })).toBe(415);
    expect(await send(JSON.stringify({ server: { name: 'x'.repeat(2_000_000) } }))).toBe(413);
  });

  it('what there is not is told apart from what may not be done so', async () => {
    const raw = async (method: 'GET' | 'PATCH' | 'PUT', path: string): Promise<number> =>
      (await cloud.raw(method, `/v2.1/p-${demo}${path}`, { 'x-auth-token': demo })).status;
    expect(await raw('GET', '')).toBe(404);
    expect(await raw('GET', '/nonsense')).toBe(404);
    expect(await raw('PATCH', '/servers')).toBe(405);
    expect(await raw('PUT', '/os-keypairs')).toBe(405);
  });
});
