import { QUOTA_RESOURCES, streamRef } from '@cairn/domain';
import { BUILT_IN_RULES, Enforcer, RuleSet } from '../../../policy';
import { ComputeCloud, IMAGE_ID } from './testing/compute-cloud';

type Ask = (path: string, body: object) => Promise<number>;

const server = (fields: object = {}): object => ({
  server: { name: 'web', flavorRef: '1', imageRef: IMAGE_ID, ...fields },
});

/**
 * What uses one of each resource: the status while the limit lets it, and what is refused under a limit of 0. Statuses of
 * 400 and more in the first place say that there is no way to use it, so any limit holds.
 */
const USES: Readonly<Record<string, readonly [allowed: number, use: (ask: Ask) => Promise<number>]>> = {
  cores: [202, (ask) => ask('/servers', server())],
  fixed_ips: [202, (ask) => ask('/servers', server())],
  instances: [202, (ask) => ask('/servers', server())],
  ram: [202, (ask) => ask('/servers', server())],
  metadata_items: [202, (ask) => ask('/servers', server({ metadata: { a: 'b' } }))],
  key_pairs: [200, (ask) => ask('/os-keypairs', { keypair: { name: 'k' } })],
  server_groups: [200, (ask) => ask('/os-server-groups', { server_group: { name: 'g', policies: ['affinity'] } })],
  server_group_members: [202, joinGroup],
  injected_files: [202, (ask) => ask('/servers', server({ personality: [{ path: '/a', contents: '' }] }))],
  injected_file_content_bytes: [
    202,
    (ask) => ask('/servers', server({ personality: [{ path: '/a', contents: 'YQ==' }] })),
  ],
  injected_file_path_bytes: [
    202,
    (ask) => ask('/servers', server({ personality: [{ path: '/a', contents: 'YQ==' }] })),
  ],
  floating_ips: [404, (ask) => ask('/os-floating-ips', {})],
  networks: [
    200,
    (ask) => ask('/os-tenant-networks', { network: { label: 'n', cidr: `10.${String((networks += 1))}.0.0/24` } }),
  ],
  security_groups: [
    200,
    (ask) => ask('/os-security-groups', { security_group: { name: 's', description: 'another' } }),
  ],
  security_group_rules: [
    200,
    (ask) =>
      ask('/os-security-group-rules', {
        security_group_rule: {
          parent_group_id: securityGroup,
          ip_protocol: 'tcp',
          from_port: 22,
          to_port: 22,
          cidr: '0.0.0.0/0',
        },
      }),
  ],
};

let group = '';
let networks = 100;
let securityGroup = 0;

function joinGroup(ask: Ask): Promise<number> {
  return ask('/servers', { ...server(), 'os:scheduler_hints': { group } });
}

describe('the limits that can be set', () => {
  let cloud: ComputeCloud;
  beforeAll(async () => {
    const policy = new Enforcer(
      RuleSet.of(BUILT_IN_RULES, { 'os_compute_api:os-tenant-networks': 'rule:project_member_or_admin' }),
    );
    cloud = await ComputeCloud.start({ policy }, { enableNetworkQuota: true });
  });
  afterAll(() => cloud.close());

  const settable = Object.entries(QUOTA_RESOURCES)
    .filter(([, { service }]) => service === 'compute' || service === 'network')
    .map(([name]) => name);

  it('are those that the tests below use, and no others', async () => {
    expect(Object.keys(USES).sort()).toEqual([...settable].sort());
    const { body } = await cloud.ask('admin', 'GET', '/os-quota-sets/p-admin');
    const { id: _id, ...limits } = (body as { quota_set: object & { id: string } }).quota_set;
    expect(Object.keys(limits).sort()).toEqual([...settable].sort());
  });

  it.each(
    settable.flatMap((name) => [
      [name, 'a project', '/os-quota-sets', 'quota_set'],
      [name, 'one user', '/os-quota-sets', 'quota_set'],
      [name, 'all projects', '/os-quota-class-sets', 'quota_class_set'],
    ]),
  )('hold for %s, set for %s', async (name, whom, path, field) => {
    const isOfClass = whom === 'all projects';
    const inClass = !['server_groups', 'server_group_members'].includes(name);
    if (isOfClass && !inClass) return; // nova has them there from 2.50 on
    const who = cloud.tenant();
    const [allowed, use] = USES[name] ?? [0, () => Promise.resolve(0)];
    const ask: Ask = async (to, body) => (await cloud.ask(who, 'POST', to, body)).status;
    const data = { projectId: `p-${who}`, name: who, domainId: 'default', description: '', enabled: true };
    await cloud.execute(streamRef('project', `p-${who}`), { type: 'CreateProject', data });
    await cloud.caughtUp();
    const made = await cloud.ask(who, 'POST', '/os-server-groups', {
      server_group: { name: 'g', policies: ['affinity'] },
    });
    group = (made.body as { server_group?: { id: string } }).server_group?.id ?? '';
    const groups = await cloud.ask(who, 'GET', '/os-security-groups');
    securityGroup = (groups.body as { security_groups: { id: number }[] }).security_groups[0]?.id ?? 0;
    const set = async (limit: number): Promise<void> => {
      const id = isOfClass ? 'default' : `p-${who}${whom === 'one user' ? `?user_id=u-${who}` : ''}`;
      const limits = { [name]: limit, ...(isOfClass ? {} : { force: true }) };
      const { status, text } = await cloud.ask('admin', 'PUT', `${path}/${id}`, { [field]: limits });
      if (status !== 200) throw new Error(text);
    };
    await set(0);
    const refused = await use(ask);
    await set(-1);
    const unlimited = await use(ask);
    await set(QUOTA_RESOURCES[name as keyof typeof QUOTA_RESOURCES].limit);
    expect([refused, unlimited]).toEqual([allowed < 400 ? 403 : allowed, allowed]);
  });

  it('of one user are shown, counted and taken away by themselves', async () => {
    const [who, path] = [cloud.tenant(), (user: string): string => `/os-quota-sets/p-${who}?user_id=${user}`];
    const data = { projectId: `p-${who}`, name: who, domainId: 'default', description: '', enabled: true };
    await cloud.execute(streamRef('project', `p-${who}`), { type: 'CreateProject', data });
    await cloud.launch(who);
    await cloud.caughtUp();
    const ask = async (method: 'GET' | 'PUT' | 'DELETE', to: string, body?: object): Promise<unknown> => {
      const answer = await cloud.ask('admin', method, to, body);
      return answer.body ?? answer.status;
    };
    const own = path(`u-${who}`);
    expect(await ask('PUT', own, { quota_set: { instances: 3 } })).toMatchObject({
      quota_set: { instances: 3, cores: 20 },
    });
    expect(await ask('PUT', own, { quota_set: { instances: 11 } })).toMatchObject({
      badRequest: { message: 'Quota limit 11 for instances must be less than or equal to 10.' },
    });
    expect(await ask('GET', own)).toMatchObject({ quota_set: { id: `p-${who}`, instances: 3, cores: 20 } });
    expect(await ask('GET', path('u-other'))).toMatchObject({ quota_set: { instances: 10 } });
    expect(await ask('GET', `/os-quota-sets/p-${who}`)).toMatchObject({ quota_set: { instances: 10 } });
    const detail = (user: string): string => `/os-quota-sets/p-${who}/detail?user_id=${user}`;
    expect(await ask('GET', detail(`u-${who}`))).toMatchObject({
      quota_set: { instances: { limit: 3, in_use: 1, reserved: 0 }, ram: { in_use: 512 } },
    });
    expect(await ask('GET', detail('u-other'))).toMatchObject({ quota_set: { instances: { limit: 10, in_use: 0 } } });
    expect(await ask('DELETE', own)).toBe(202);
    expect(await ask('GET', own)).toMatchObject({ quota_set: { instances: 10 } });
    await ask('PUT', own, { quota_set: { instances: 3 } });
    expect(await ask('DELETE', `/os-quota-sets/p-${who}`)).toBe(202);
    expect(await ask('GET', own)).toMatchObject({ quota_set: { instances: 10 } });
  });

  it('of one user let a request for several servers have as many as fit', async () => {
    const who = cloud.tenant();
    const data = { projectId: `p-${who}`, name: who, domainId: 'default', description: '', enabled: true };
    await cloud.execute(streamRef('project', `p-${who}`), { type: 'CreateProject', data });
    await cloud.caughtUp();
    await cloud.ask('admin', 'PUT', `/os-quota-sets/p-${who}?user_id=u-${who}`, { quota_set: { instances: 2 } });
    expect((await cloud.ask(who, 'POST', '/servers', server({ min_count: 1, max_count: 5 }))).status).toBe(202);
    await cloud.caughtUp();
    const { body } = await cloud.ask(who, 'GET', '/servers');
    expect((body as { servers: unknown[] }).servers).toHaveLength(2);
  });
});
