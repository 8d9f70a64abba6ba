import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Cloud, DEMO, eventually } from '../e2e/cloud';
import { canMount, SmallDisk } from '../e2e/small-disk';
import { describeWhere } from '../support/describe-where';

const PROCESSES = ['redis', 'eventstore', 'controller', 'agent'] as const;
const SERVER = ['--flavor', 'm1.nano', '--image', 'pixel'] as const;

/** Everything of a cloud on one small disk that runs full: the runbook docs/runbooks/disk-full.md, claim by claim. */
describeWhere(canMount() ? null : 'no file system can be mounted here', 'a full disk', () => {
  const cloud = new Cloud({ firstPort: 23_700, simulated: 1, cidr: '10.213.37.0/24', bridge: 'brcrash7', latency: 0 });
  let disk: SmallDisk;
  let token: string;

  beforeAll(async () => {
    disk = new SmallDisk(cloud.state, '96m');
    await cloud.up();
    const image = cloud.file('pixel.img', Buffer.alloc(4096, 7));
    const create = ['image', 'create', '--disk-format', 'raw', '--container-format', 'bare', '--file', image, 'pixel'];
    await cloud.openstack(create, DEMO);
    await cloud.openstack(['flavor', 'create', '--ram', '64', '--disk', '1', '--vcpus', '1', 'm1.nano']);
    await cloud.openstack(['server', 'create', ...SERVER, '--wait', 'before'], DEMO);
    token = (await cloud.openstack<{ id: string }>(['token', 'issue'], DEMO)).id;
  });
  afterAll(async () => {
    disk.free();
    await cloud.down();
    disk.remove();
    await cloud.destroy();
  });

  const pids = (): readonly (number | undefined)[] => PROCESSES.map((name) => cloud.pid(name));
  const send = (service: 'compute' | 'image' | 'identity', path: string, body: unknown): Promise<Response> =>
    fetch(`${cloud.url(service)}${path}`, {
      method: 'POST',
      headers: { 'x-auth-token': token, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const keypair = (name: string): Promise<Response> => send('compute', '/v2.1/os-keypairs', { keypair: { name } });

  /** Writes until the store's reserve is used up, too: from then on nothing can be written. */
  async function filled(): Promise<void> {
    for (let n = 0; n < 2_000; n += 1) {
      disk.fill();
      const { status } = await keypair(`filler-${String(n)}`);
      if (status === 503) return;
    }
    throw new Error('changes are taken although the disk is full');
  }

  it('refuses changes at once in the words of each API, and reads go on [runbook disk-full]', async () => {
    const [before, admin] = [pids(), (await cloud.openstack<{ id: string }>(['token', 'issue'])).id];
    await filled();
    const since = Date.now();
    const [compute, image, identity] = await Promise.all([
      keypair('refused'),
      send('image', '/v2/images', { name: 'refused', disk_format: 'raw', container_format: 'bare' }),
      fetch(`${cloud.url('identity')}/v3/users`, {
        method: 'POST',
        headers: { 'x-auth-token': admin, 'content-type': 'application/json' },
        body: JSON.stringify({ user: { name: 'refused', password: 'secret-enough' } }),
      }),
    ]);
    expect(Date.now() - since).toBeLessThan(10_000);
    for (const answer of [compute, image, identity]) {
      expect([answer.url, answer.status]).toEqual([answer.url, 503]);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(await compute.json()).toMatchObject({ serviceUnavailable: { code: 503 } });
    expect(await identity.json()).toMatchObject({ error: { code: 503 } });
    const servers = await cloud.openstack<{ Name: string; Status: string }[]>(['server', 'list'], DEMO);
    expect(servers).toMatchObject([{ Name: 'before', Status: 'ACTIVE' }]);
    expect(pids()).toEqual(before); // nothing has ended
  });

  it('shows what runs, and `up` starts nothing twice [runbook disk-full]', async () => {
    disk.fill();
    const before = pids();
    const status = await cloud.cairn('status');
    expect([status.status, status.stdout.match(/ runs, /g)?.length]).toEqual([0, PROCESSES.length]);
    await cloud.up();
    expect(pids()).toEqual(before);
  });

  it('knows a process that has died meanwhile, and one that came back without room for its record [runbook disk-full]', async () => {
    disk.fill();
    const agent = cloud.pid('agent') ?? NaN;
    process.kill(agent, 'SIGKILL');
    const status = await eventually(
      () => cloud.cairn('status'),
      ({ stdout }) => /agent +runs, /.test(stdout) && !stdout.includes(`pid ${String(agent)},`),
    );
    expect(status.stdout).not.toMatch(/nobody would start it again/);
  });

  it('goes on by itself when there is room, and nothing is half written [runbook disk-full]', async () => {
    disk.free();
    await eventually(
      async () => (await keypair(`after-${String(Date.now())}`)).status,
      (status) => status === 200,
    );
    await cloud.openstack(['server', 'create', ...SERVER, '--wait', 'after'], DEMO);
    const status = await eventually(
      () => cloud.cairn('status'),
      ({ stdout }) => (stdout.match(/ runs, /g)?.length ?? 0) === PROCESSES.length,
    );
    expect(status.status).toBe(0);
    await eventually(
      () => Promise.resolve(PROCESSES.map((name) => statSync(join(cloud.state, 'run', `${name}.pid`)).size > 0)),
      (whole) => whole.every(Boolean),
    );
    for (const name of ['controller.json', 'agent.json'])
      expect(() => JSON.parse(readFileSync(join(cloud.state, name), 'utf8')) as unknown).not.toThrow();
    expect((await cloud.cairn('verify')).stdout).toMatch(/all chains hold/);
    const stuck = await eventually(
      () => cloud.cairn('stuck'),
      ({ stdout }) => stdout.includes('0 streams owe something'),
    );
    expect(stuck.status).toBe(0);
  });

  it('is not confused by empty pid files that an older version left [runbook disk-full]', async () => {
    const before = pids();
    for (const name of PROCESSES) writeFileSync(join(cloud.state, 'run', `${name}.pid`), '');
    await cloud.up();
    expect((await cloud.cairn('status')).stdout.match(/ runs, /g)).toHaveLength(PROCESSES.length);
    await cloud.down();
    for (const pid of before) expect(existsSync(`/proc/${String(pid)}/cmdline`)).toBe(false);
    await cloud.up();
  });
});
