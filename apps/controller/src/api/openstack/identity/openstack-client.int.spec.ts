import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

import { describeWhere } from '../../../../../../test/support/describe-where';

import { type IdentityCloud, identityCloud, PASSWORDS } from './testing/identity-cloud';

const run = promisify(execFile);
const CLIENT = '/usr/bin/openstack';

/** Each command starts an interpreter of its own; beside other tests that takes a while. */
jest.setTimeout(300_000);

type Environment = Readonly<Record<string, string>>;

const missing = existsSync(CLIENT) ? null : `${CLIENT} is not installed`;

/** Debian's own client, each command a process of its own. */
describeWhere(missing, 'the openstack client', () => {
  let cloud: IdentityCloud;
  let admin: Environment;
  let demo: Environment;

  beforeAll(async () => {
    cloud = await identityCloud();
    const v3 = (user: 'admin' | 'demo'): Environment => ({
      OS_AUTH_URL: `${cloud.service.url}/v3`,
      OS_IDENTITY_API_VERSION: '3',
      OS_USERNAME: user,
      OS_PASSWORD: PASSWORDS[user],
      OS_PROJECT_NAME: user,
      OS_USER_DOMAIN_NAME: 'Default',
      OS_PROJECT_DOMAIN_NAME: 'Default',
    });
    admin = v3('admin');
    demo = v3('demo');
  });
  afterAll(() => cloud.close());

  async function openstack(environment: Environment, ...args: readonly string[]): Promise<string> {
    const env = { PATH: '/usr/bin:/bin', HOME: cloud.memory.folder, ...environment };
    return (await run(CLIENT, [...args], { env })).stdout.trim();
  }

  const json = async (environment: Environment, ...args: readonly string[]): Promise<unknown> =>
    JSON.parse(await openstack(environment, ...args, '-f', 'json')) as unknown;

  it('issues tokens and lists the catalog', async () => {
    expect(await json(admin, 'token', 'issue')).toMatchObject({ id: expect.stringMatching(/^[\w-]{136}$/) as string });
    expect(await json(admin, 'catalog', 'list')).toMatchObject([
      { Name: 'nova', Type: 'compute' },
      { Name: 'keystone', Type: 'identity' },
      { Name: 'glance', Type: 'image' },
    ]);
  });

  it('makes, changes and deletes projects and users', async () => {
    expect(await json(admin, 'project', 'create', '--description', 'Work', 'work')).toMatchObject({
      name: 'work',
      description: 'Work',
      domain_id: 'default',
      enabled: true,
    });
    const user = ['user', 'create', '--project', 'work', '--password', 'first', '--email', 'w@example.org', 'worker'];
    expect(await json(admin, ...user)).toMatchObject({ name: 'worker', email: 'w@example.org' });
    await openstack(admin, 'role', 'add', '--user', 'worker', '--project', 'work', 'member');
    expect(await json(admin, 'role', 'assignment', 'list', '--names', '--user', 'worker')).toMatchObject([
      { Role: 'member', User: 'worker@Default', Project: 'work@Default' },
    ]);
    const worker = { ...demo, OS_USERNAME: 'worker', OS_PASSWORD: 'first', OS_PROJECT_NAME: 'work' };
    expect(await json(worker, 'project', 'list')).toMatchObject([{ Name: 'work' }]);
    await openstack(worker, 'user', 'password', 'set', '--original-password', 'first', '--password', 'second');
    await expect(openstack(worker, 'token', 'issue')).rejects.toThrow('HTTP 401');
    await openstack({ ...worker, OS_PASSWORD: 'second' }, 'token', 'issue');
    await openstack(admin, 'user', 'set', '--name', 'labourer', 'worker');
    expect(await openstack(admin, 'user', 'show', 'labourer', '-f', 'value', '-c', 'name')).toBe('labourer');
    await openstack(admin, 'role', 'remove', '--user', 'labourer', '--project', 'work', 'member');
    await openstack(admin, 'user', 'delete', 'labourer');
    await openstack(admin, 'project', 'delete', 'work');
    expect(await openstack(admin, 'project', 'list', '-f', 'value', '-c', 'Name')).toBe('admin\ndemo');
  });

  it('lists what the cloud is made of', async () => {
    for (const what of [['domain'], ['role'], ['service'], ['endpoint'], ['region'], ['user', '--long']]) {
      const [noun = '', ...options] = what;
      expect(await json(admin, noun, 'list', ...options)).not.toHaveLength(0);
    }
  });

  it('is told in words when it may not', async () => {
    await expect(openstack(demo, 'user', 'list')).rejects.toThrow(
      "Policy doesn't allow identity:list_users to be performed. (HTTP 403) (Request-ID: req-",
    );
  });

  it('works with v2.0 by its explicit URL [guide 15]', async () => {
    const guide = {
      OS_AUTH_URL: `${cloud.service.url}/v2.0/`,
      OS_USERNAME: 'admin',
      OS_PASSWORD: PASSWORDS.admin,
      OS_TENANT_NAME: 'admin',
    };
    expect(await json(guide, 'token', 'issue')).toHaveProperty('project_id');
    const two = { ...guide, OS_IDENTITY_API_VERSION: '2.0' };
    expect(await json(two, 'catalog', 'list')).toMatchObject([
      { Name: 'nova' },
      { Name: 'keystone' },
      { Name: 'glance' },
    ]);
    expect(await json(two, 'project', 'list')).toMatchObject([{ Name: 'admin' }]);
    expect(await openstack(two, 'user', 'list', '-f', 'value', '-c', 'Name')).toBe('admin\ndemo');
  });
});
