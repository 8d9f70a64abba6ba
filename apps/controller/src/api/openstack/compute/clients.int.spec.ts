import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describeWhere } from '../../../../../../test/support/describe-where';
import { openApplication } from '../../../application/application';
import { freePort } from '../../../testing/free-port';
import { parseConfig } from '../../../config';

import { type RunningService, startHttpService } from '../../http';
import { identityService } from '../identity';
import { imageService } from '../image/image.service';
import { computeService } from '.';
import { AutoHost } from './testing/auto-host';
import { ComputeCloud, HOST_ID } from './testing/compute-cloud';

const run = promisify(execFile);
const CLIENTS = ['/usr/bin/openstack', '/usr/bin/nova'];
const missing = CLIENTS.filter((client) => !existsSync(client));
const reason = missing.length === 0 ? null : `not installed: ${missing.join(' ')}`;

/** Each command starts an interpreter of its own, and some wait. */
jest.setTimeout(300_000);

type Environment = Readonly<Record<string, string>>;

/** Debian's own clients against identity, compute and image of one controller; one host answers everything at once. */
describeWhere(reason, "Debian's clients", () => {
  let cloud: ComputeCloud;
  let services: readonly RunningService[];
  let host: AutoHost;
  let admin: Environment;
  let demo: Environment;

  beforeAll(async () => {
    cloud = await ComputeCloud.start();
    const { folder } = cloud.memory;
    const config = parseConfig({
      stateDir: folder,
      passwordFiles: { admin: join(folder, 'admin'), demo: join(folder, 'demo') },
      ports: { identity: await freePort(), compute: await freePort(), image: await freePort() },
      cloud: { hosts: [{ hostId: HOST_ID, name: 'node1' }] },
    });
    const core = { ...cloud.core, config, authenticator: cloud.memory.authenticator };
    const application = await openApplication(core);
    services = await Promise.all(
      [identityService, computeService, imageService].map((service) => startHttpService(application, service(config))),
    );
    host = new AutoHost(cloud);
    const as = (user: 'admin' | 'demo'): Environment => ({
      OS_AUTH_URL: `http://127.0.0.1:${String(config.ports.identity)}/v3`,
      OS_IDENTITY_API_VERSION: '3',
      OS_USERNAME: user,
      OS_PASSWORD: user === 'admin' ? 'a' : 'd',
      OS_PROJECT_NAME: user,
      OS_USER_DOMAIN_NAME: 'Default',
      OS_PROJECT_DOMAIN_NAME: 'Default',
    });
    [admin, demo] = [as('admin'), as('demo')];
  });
  afterAll(async () => {
    await host.end();
    await Promise.all(services.map((service) => service.close()));
    await cloud.close();
  });

  async function client(program: 'openstack' | 'nova', as: Environment, ...args: readonly string[]): Promise<string> {
    const env = { PATH: '/usr/bin:/bin', HOME: cloud.memory.folder, LANG: 'C.UTF-8', ...as };
    return (await run(`/usr/bin/${program}`, [...args], { env, maxBuffer: 16 * 1024 * 1024 })).stdout.trim();
  }

  const openstack = async <T = Record<string, unknown>>(as: Environment, ...args: readonly string[]): Promise<T> =>
    JSON.parse(await client('openstack', as, ...args, '-f', 'json')) as T;

  it('lead a server through its life', async () => {
    const pem = await client('openstack', demo, 'keypair', 'create', 'login');
    expect(pem).toContain('BEGIN RSA PRIVATE KEY');
    const userData = join(cloud.memory.folder, 'user-data');
    await writeFile(userData, '#!/bin/sh\necho hello\n');
    const create = ['server', 'create', '--wait', '--flavor', 'm1.tiny', '--image', 'guest', '--key-name', 'login'];
    const made = await openstack(demo, ...create, '--user-data', userData, '--property', 'role=web', 'web');
    expect(made).toMatchObject({ name: 'web', status: 'ACTIVE', key_name: 'login', properties: { role: 'web' } });
    expect(made['adminPass']).toMatch(/^\w{12}$/);
    expect(await openstack(demo, 'server', 'list', '--long')).toMatchObject([
      { Name: 'web', Status: 'ACTIVE', Networks: { private: [expect.any(String)] }, 'Flavor Name': 'm1.tiny' },
    ]);
    expect(await openstack(admin, 'server', 'list', '--all-projects')).toMatchObject([{ Name: 'web' }]);
    expect(await openstack(demo, 'server', 'show', 'web')).toMatchObject({ 'OS-EXT-STS:power_state': 1 });
    await client('openstack', demo, 'server', 'stop', 'web');
    expect(await openstack(demo, 'server', 'show', 'web')).toMatchObject({ status: 'SHUTOFF' });
    await client('openstack', demo, 'server', 'start', 'web');
    await client('openstack', demo, 'server', 'reboot', '--wait', 'web');
    await client('openstack', demo, 'server', 'reboot', '--hard', '--wait', 'web');
    expect(await client('openstack', demo, 'console', 'log', 'show', 'web')).toBe('login:');
    await client('openstack', demo, 'server', 'set', '--name', 'renamed', '--property', 'a=b', 'web');
    await client('openstack', demo, 'server', 'unset', '--property', 'role', 'renamed');
    expect(await openstack(demo, 'server', 'show', 'renamed')).toMatchObject({ properties: { a: 'b' } });
    const events = await openstack<unknown[]>(demo, 'server', 'event', 'list', 'renamed');
    expect(events.map((event) => (event as { Action: string }).Action)).toEqual([
      'reboot',
      'reboot',
      'start',
      'stop',
      'create',
    ]);
    await client('openstack', demo, 'server', 'delete', '--wait', 'renamed');
    expect(await openstack(demo, 'server', 'list')).toEqual([]);
    await client('openstack', demo, 'keypair', 'delete', 'login');
  });

  it('make several servers and none too many [guide 20]', async () => {
    await client(
      'openstack',
      demo,
      'server',
      'create',
      '--flavor',
      '1',
      '--image',
      'guest',
      '--min',
      '2',
      '--max',
      '3',
      '--wait',
      'many',
    );
    const servers = await openstack<{ Name: string }[]>(demo, 'server', 'list', '--sort-column', 'Name');
    expect(servers.map(({ Name }) => Name)).toEqual(['many-1', 'many-2', 'many-3']);
    const large = client(
      'openstack',
      demo,
      'server',
      'create',
      '--flavor',
      'm1.xlarge',
      '--image',
      'guest',
      '--min',
      '3',
      '--max',
      '3',
      'large',
    );
    await expect(large).rejects.toThrow(/Quota exceeded for cores.*HTTP 403/);
    await client('openstack', demo, 'server', 'delete', '--wait', 'many-1', 'many-2', 'many-3');
  });

  it('list flavors, networks, quotas, hosts and zones', async () => {
    expect(await openstack<unknown[]>(demo, 'flavor', 'list')).toHaveLength(5);
    expect(await openstack(demo, 'flavor', 'show', 'm1.small')).toMatchObject({ ram: 2048, disk: 20, vcpus: 1 });
    expect(await openstack(demo, 'network', 'list')).toMatchObject([{ Name: 'private', Subnet: '10.0.0.0/24' }]);
    expect(await openstack(demo, 'quota', 'show')).toMatchObject({ instances: 10, cores: 20, secgroups: 10 });
    await client('openstack', admin, 'quota', 'set', '--instances', '20', 'demo');
    expect(await openstack(demo, 'limits', 'show', '--absolute')).toEqual(
      expect.arrayContaining([{ Name: 'maxTotalInstances', Value: 20 }]),
    );
    expect(await openstack(demo, 'availability', 'zone', 'list', '--compute')).toEqual([
      { 'Zone Name': 'nova', 'Zone Status': 'available' },
    ]);
    const services = await openstack<{ Binary: string }[]>(admin, 'compute', 'service', 'list');
    expect(services.map(({ Binary }) => Binary)).toEqual(['nova-conductor', 'nova-scheduler', 'nova-compute']);
    await client(
      'openstack',
      admin,
      'compute',
      'service',
      'set',
      '--disable',
      '--disable-reason',
      'disk',
      'node1',
      'nova-compute',
    );
    await client('openstack', admin, 'compute', 'service', 'set', '--enable', 'node1', 'nova-compute');
    expect(await openstack(admin, 'hypervisor', 'list')).toMatchObject([
      { 'Hypervisor Hostname': 'node1.example.com' },
    ]);
    expect(await openstack(admin, 'hypervisor', 'show', 'node1.example.com')).toMatchObject({
      vcpus: 8,
      service_host: 'node1',
    });
    expect(await openstack(admin, 'hypervisor', 'stats', 'show')).toMatchObject({ count: 1 });
    expect(await openstack(admin, 'host', 'list')).toEqual(
      expect.arrayContaining([{ 'Host Name': 'node1', Service: 'compute', Zone: 'nova' }]),
    );
    expect(await openstack(admin, 'network', 'create', '--subnet', '10.7.0.0/24', 'second')).toMatchObject({
      label: 'second',
    });
    await client('openstack', admin, 'network', 'delete', 'second');
    expect(await openstack(admin, 'flavor', 'create', '--ram', '64', '--disk', '1', 'mini')).toMatchObject({ ram: 64 });
    await client('openstack', admin, 'flavor', 'delete', 'mini');
  });

  it('are told what is wrong in words', async () => {
    await expect(client('openstack', demo, 'server', 'show', 'nothing')).rejects.toThrow(/No server with a name or ID/);
    await expect(client('openstack', demo, 'hypervisor', 'list')).rejects.toThrow(/Policy doesn't allow/);
  });

  it('include nova [guide 38,65]', async () => {
    await client('nova', demo, 'boot', '--flavor', 'm1.tiny', '--image', 'guest', '--poll', 'old');
    expect(await client('nova', demo, 'list')).toMatch(/\| old +\| ACTIVE +\| - +\| Running +\| private=10\.0\.0\./);
    expect(await client('nova', demo, 'show', 'old')).toMatch(/\| description +\| - +\|/);
    expect(await client('nova', demo, '--debug', 'list')).toContain('old');
    const flavors = (await client('nova', demo, 'flavor-list')).split('\n').filter((line) => line.startsWith('|'));
    // ID, name, memory, disk, ephemeral, swap, CPUs, RXTX factor (nova writes its JSON number as 1.0), public, description
    expect(
      flavors.slice(1).map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ),
    ).toEqual([
      ['1', 'm1.tiny', '512', '1', '0', '0', '1', '1', 'True', '-'],
      ['2', 'm1.small', '2048', '20', '0', '0', '1', '1', 'True', '-'],
      ['3', 'm1.medium', '4096', '40', '0', '0', '2', '1', 'True', '-'],
      ['4', 'm1.large', '8192', '80', '0', '0', '4', '1', 'True', '-'],
      ['5', 'm1.xlarge', '16384', '160', '0', '0', '8', '1', 'True', '-'],
    ]);
    expect(await client('nova', demo, 'instance-action-list', 'old')).toContain('create');
    await client('nova', demo, 'stop', 'old');
    await client('nova', demo, 'start', 'old');
    expect(await client('nova', admin, 'service-list')).toContain('nova-compute');
    await client('nova', demo, 'delete', 'old');
    expect(await client('nova', demo, 'list')).not.toContain('old');
  });

  it('do what administrators do, in the newest microversion that they know [guide 39,41]', async () => {
    const newest = (...args: readonly string[]) => openstack(admin, '--os-compute-api-version', '2.92', ...args);
    const flavor = await newest(
      'flavor',
      'create',
      '--ram',
      '64',
      '--disk',
      '1',
      '--private',
      '--description',
      'new',
      'own',
    );
    expect(flavor).toMatchObject({ description: 'new', 'os-flavor-access:is_public': false });
    await client('openstack', admin, 'flavor', 'set', '--project', 'demo', '--property', 'hw:boot_menu=true', 'own');
    expect(await openstack<unknown[]>(demo, 'flavor', 'list')).toHaveLength(6);
    expect(await newest('flavor', 'show', 'own')).toMatchObject({ properties: { 'hw:boot_menu': 'true' } });
    await client('openstack', admin, 'flavor', 'unset', '--project', 'demo', 'own');
    expect(await openstack<unknown[]>(demo, 'flavor', 'list')).toHaveLength(5);
    await client('nova', admin, 'flavor-update', 'own', 'other words');
    expect(await client('nova', admin, 'flavor-show', 'own')).toContain('other words');
    await client('openstack', admin, 'flavor', 'delete', 'own');
    const rule = ['--policy', 'anti-affinity', '--rule', 'max_server_per_host=2'];
    expect(await newest('server', 'group', 'create', ...rule, 'apart')).toMatchObject({ policy: 'anti-affinity' });
    expect(await client('nova', admin, 'server-group-list')).toMatch(/apart.*anti-affinity.*max_server_per_host.*2/);
    await client('openstack', admin, 'server', 'group', 'delete', 'apart');
    expect(await newest('hypervisor', 'list')).toMatchObject([{ ID: HOST_ID, State: 'up' }]);
    expect(await newest('compute', 'service', 'list', '--service', 'nova-compute')).toMatchObject([{ ID: HOST_ID }]);
    expect(await client('nova', admin, 'hypervisor-servers', 'node1')).toContain('Hypervisor Hostname');
    await client('nova', admin, 'service-disable', '--reason', 'disk', HOST_ID);
    expect(await client('nova', admin, 'service-list')).toMatch(/node1.*disabled.*disk/);
    await client('nova', admin, 'service-enable', HOST_ID);
    expect(await newest('limits', 'show', '--absolute')).not.toEqual(
      expect.arrayContaining([expect.objectContaining({ Name: 'maxPersonality' })]),
    );
    expect(await newest('server', 'list', '--all-projects')).toEqual([]);
    expect(await client('nova', admin, 'usage-list')).toContain('Usage from');
  });
});
