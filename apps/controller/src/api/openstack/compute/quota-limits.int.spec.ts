import { QUOTA_RESOURCES, streamRef } from '@cairn/domain';
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
  injected_files: [400, (ask) => ask('/servers', server({ personality: [{ path: '/a', contents: '' }] }))],
  injected_file_content_bytes: [
    400,
    (ask) => ask('/servers', server({ personality: [{ path: '/a', contents: 'YQ==' }] })),
  ],
  injected_file_path_bytes: [
    400,
    (ask) => ask('/servers', server({ personality: [{ path: '/a', contents: 'YQ==' }] })),
  ],
  floating_ips: [405, (ask) => ask('/os-floating-ips', {})],
  security_groups: [405, (ask) => ask('/os-security-groups', { security_group: { name: 's', description: '' } })],
  security_group_rules: [
    404,
    (ask) => ask('/os-security-group-rules', { security_group_rule: { parent_group_id: 1 } }),
  ],
};

let group = '';

function joinGroup(ask: Ask): Promise<number> {
  return ask('/servers', { ...server(), 'os:scheduler_hints': { group } });
}

describe('the limits that can be set', () => {
  let cloud: ComputeCloud;
  beforeAll(async () => {
    cloud = await ComputeCloud.start();
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
    const set = async (limit: number): Promise<void> => {
      const id = isOfClass ? 'default' : `p-${who}`;
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
});
