import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { makeCertificates, type TestCertificates } from '../support/certificates';
import { ADMIN, Cloud, type Ran } from './cloud';
import { screenAt } from './consoles';
import { ask, guideExample, Nginx, urlsIn } from './proxy';

const FIRST_PORT = 22_600;
const PORT = 22_650;
const BASE = `https://127.0.0.1:${String(PORT)}`;
/** Of OpenStack, in version documents and descriptions: they lead out of the cloud. */
const ELSEWHERE = /^https?:\/\/(docs|developer|api|www)\.openstack\.org\//;

/** The endpoint of compute in the catalog has a project at its end, and is nothing by itself: clients ask for what is below. */
const askable = (url: string): string =>
  url
    .replace('%(project_id)s', '')
    .replace(/\/compute\/v2\.1\/([0-9a-f]{32})?$/, '/compute/v2.1/$1/servers')
    .replace('v2.1//', 'v2.1/');

/** Behind the operator's guide's proxy clients are told its URLs only, and all of them work. */
describe('a cloud behind the proxy of the guide', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-proxy-'));
  const nginx = new Nginx(join(folder, 'nginx'), PORT);
  const cloud = new Cloud({
    firstPort: FIRST_PORT,
    simulated: 1,
    cidr: '10.71.0.0/24',
    bridge: 'br171',
    settings: {
      CAIRN_PUBLIC_IDENTITY: `${BASE}/identity`,
      CAIRN_PUBLIC_COMPUTE: `${BASE}/compute`,
      CAIRN_PUBLIC_IMAGE: `${BASE}/image`,
      CAIRN_PUBLIC_CONSOLE: `${BASE}/console`,
      CAIRN_TRUSTED_PROXIES: '127.0.0.1',
    },
  });
  let certificates: TestCertificates;

  beforeAll(async () => {
    certificates = makeCertificates(folder, ['127.0.0.1']);
    await cloud.up();
    await nginx.start(
      guideExample({
        'listen 443 ssl': `listen 127.0.0.1:${String(PORT)} ssl`,
        'cloud.example.org': '127.0.0.1',
        '/etc/ssl/cloud.pem': certificates.certificateFile,
        '/etc/ssl/cloud.key': certificates.keyFile,
        '127.0.0.1:5000': `127.0.0.1:${String(FIRST_PORT)}`,
        '127.0.0.1:8774': `127.0.0.1:${String(FIRST_PORT + 1)}`,
        '127.0.0.1:9292': `127.0.0.1:${String(FIRST_PORT + 2)}`,
        '127.0.0.1:6080': `127.0.0.1:${String(FIRST_PORT + 9)}`,
      }),
    );
  });
  afterAll(async () => {
    await nginx.stop();
    await cloud.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A stock client that knows nothing but the proxy. */
  async function client(...args: readonly string[]): Promise<Ran> {
    const script =
      `. ./openrc admin admin 3; export OS_AUTH_URL=${BASE}/identity/v3 OS_CACERT=${certificates.caFile}; ` +
      'exec "$@"';
    const done = await cloud.run('/bin/bash', ['-c', script, 'bash', 'openstack', ...args]);
    if (done.status !== 0) throw new Error(`openstack ${args.join(' ')}: ${done.stderr}`);
    return done;
  }

  async function token(): Promise<string> {
    const user = { name: ADMIN.user, domain: { id: 'default' }, password: cloud.password('admin') };
    const identity = { methods: ['password'], password: { user } };
    const scope = { project: { name: 'admin', domain: { id: 'default' } } };
    const answer = await ask(
      'POST',
      `${BASE}/identity/v3/auth/tokens`,
      certificates,
      {},
      { auth: { identity, scope } },
    );
    expect(answer.status).toBe(201);
    return String(answer.headers['x-subject-token']);
  }

  it('serves the stock clients', async () => {
    const file = cloud.file('image.raw', Buffer.alloc(3 * 1024 * 1024, 1));
    await client('image', 'create', '--disk-format', 'raw', '--file', file, 'through');
    await client('image', 'save', '--file', `${file}.back`, 'through');
    await client('server', 'create', '--image', 'through', '--flavor', 'm1.tiny', '--wait', 'behind');
    expect((await client('server', 'list', '-f', 'value', '-c', 'Name')).stdout).toBe('behind\n');
    expect((await client('catalog', 'list', '-f', 'json')).stdout).not.toContain('http://');
  });

  it('leads browsers to consoles, through the same door', async () => {
    const shown = await client('console', 'url', 'show', '--novnc', 'behind', '-f', 'value', '-c', 'url');
    const url = shown.stdout.trim();
    expect(url).toMatch(`${BASE}/console/vnc_lite.html?path=`);
    expect((await ask('GET', url, certificates, {})).status).toBe(200);
    expect(await screenAt(url, readFileSync(certificates.caFile, 'utf8'))).toMatch(/^instance-/);
  });

  it('names its own URLs alone, and each of them works', async () => {
    const headers = { 'x-auth-token': await token() };
    const seen = new Set<string>();
    const left = [
      ...['', '/v3', '/v2.0', '/v3/auth/catalog', '/v3/users', '/v3/projects', '/v3/roles'].map(
        (path) => `/identity${path}`,
      ),
      ...['', '/v2.1', '/v2', '/v2.1/servers/detail?limit=1', '/v2.1/flavors/detail?limit=2'].map(
        (path) => `/compute${path}`,
      ),
      ...['', '/v2', '/versions', '/v2/images', '/v2/schemas/image'].map((path) => `/image${path}`),
    ].map((path) => `${BASE}${/^\/[a-z]+$/.test(path) ? `${path}/` : path}`);
    for (let url = left.pop(); url !== undefined; url = left.pop()) {
      if (seen.has(url)) continue;
      seen.add(url);
      const answer = await ask('GET', askable(url), certificates, headers);
      expect(`${String(answer.status)} ${url}`).toMatch(/^[23]\d\d /);
      const named = urlsIn(answer.body).filter((text) => !ELSEWHERE.test(text));
      const all = [...named, ...urlsIn(answer.body, true)];
      expect(all.filter((text) => !text.startsWith(`${BASE}/`))).toEqual([]);
      left.push(...named.filter((text) => seen.size < 200 && !seen.has(text)));
    }
    expect(seen.size).toBeGreaterThan(30);
  });

  it('names them in Location and in the challenge, whatever a client says of itself', async () => {
    const lying = {
      'x-forwarded-host': 'evil.example.org',
      'x-forwarded-proto': 'http',
      forwarded: 'host=evil.example.org',
    };
    const challenge = await ask('GET', `${BASE}/compute/v2.1/servers`, certificates, lying);
    expect([challenge.status, challenge.headers['www-authenticate']]).toEqual([401, `Keystone uri="${BASE}/identity"`]);
    const headers = { ...lying, 'x-auth-token': await token() };
    const image = (await client('image', 'show', 'through', '-f', 'value', '-c', 'id')).stdout.trim();
    const server = { name: 'located', imageRef: image, flavorRef: '1', networks: 'auto' };
    const made = await ask('POST', `${BASE}/compute/v2.1/servers`, certificates, headers, {
      server: { ...server, networks: undefined },
    });
    expect(made.status).toBe(202);
    expect(String(made.headers['location'])).toMatch(new RegExp(`^${BASE}/compute/v2.1/servers/`));
  });

  it('keeps an encoded slash in a name', async () => {
    const headers = { 'x-auth-token': await token() };
    const answer = await ask('GET', `${BASE}/compute/v2.1/os-keypairs/a%2Fb`, certificates, headers);
    expect(JSON.stringify(answer.body)).toContain('a/b');
  });
});
