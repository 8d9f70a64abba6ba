import { streamRef } from '@cairn/domain';
import { ComputeCloud } from '../testing/compute-cloud';
import { outcome } from '../testing/answers';
import { withCloud } from '../testing/with-cloud';
import { microversion } from '../testing/microversion';

interface Rule {
  readonly id: number;
}
interface Group {
  readonly id: number;
  readonly name: string;
  readonly rules: readonly Rule[];
}
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Words and codes are nova-network's (Newton). */
describe('security groups', () => {
  let cloud: ComputeCloud;
  let demo: string;
  withCloud((started, tenant) => {
    [cloud, demo] = [started, tenant];
  });

  const ask = (method: Method, path: string, body?: object, minor = 1, who = demo) =>
    cloud.ask(who, method, path, body, microversion(minor));
  const answered = (method: Method, path: string, body?: object, who = demo) =>
    outcome(ask(method, path, body, 1, who));
  const list = async (who = demo): Promise<readonly Group[]> =>
    ((await ask('GET', '/os-security-groups', undefined, 1, who)).body as { security_groups: Group[] }).security_groups;
  async function made(name = 'web', who = demo): Promise<Group> {
    const body = { security_group: { name, description: `the group ${name}` } };
    return ((await ask('POST', '/os-security-groups', body, 1, who)).body as { security_group: Group }).security_group;
  }
  const ssh = { ip_protocol: 'tcp', from_port: 22, to_port: 22, cidr: '0.0.0.0/0' };
  const addRule = (group: Group, more: object = {}) =>
    ask('POST', '/os-security-group-rules', { security_group_rule: { parent_group_id: group.id, ...ssh, ...more } });
  const refusedRule = (rule: object) => answered('POST', '/os-security-group-rules', { security_group_rule: rule });

  it('of a project begin with the default group, from the first look on [guide 102]', async () => {
    const [group, ...more] = await list();
    const shown = { name: 'default', description: 'default', tenant_id: `p-${demo}`, rules: [] };
    expect(group).toEqual({ id: expect.any(Number) as number, ...shown });
    expect(more).toEqual([]);
    expect(await list()).toEqual([group]);
    const refusal = `Unable to delete system group 'default'`;
    expect(await answered('DELETE', `/os-security-groups/${String(group?.id)}`)).toEqual([400, refusal]);
  });

  it('are made, shown, changed and deleted', async () => {
    const group = await made();
    const path = `/os-security-groups/${String(group.id)}`;
    const shown = { id: group.id, name: 'web', description: 'the group web', tenant_id: `p-${demo}`, rules: [] };
    expect(group).toEqual(shown);
    expect((await ask('GET', path)).body).toEqual({ security_group: shown });
    expect(await list()).toMatchObject([{ name: 'default' }, { name: 'web' }]);
    const change = { security_group: { name: 'www', description: 'renamed' } };
    expect((await ask('PUT', path, change)).body).toEqual({ security_group: { ...shown, ...change.security_group } });
    expect((await ask('DELETE', path)).status).toBe(202);
    expect(await answered('GET', path)).toEqual([404, `Security group ${String(group.id)} not found.`]);
    expect(await answered('DELETE', path)).toEqual([404, `Security group ${String(group.id)} not found.`]);
  });

  it('have names and descriptions as nova wants them', async () => {
    await made();
    const create = (name: unknown, description: unknown = 'd') =>
      answered('POST', '/os-security-groups', { security_group: { name, description } });
    const taken = (name: string) => `Security group ${name} already exists for project p-${demo}.`;
    expect(await create('web')).toEqual([400, taken('web')]);
    expect(await create('default')).toEqual([400, taken('default')]);
    expect(await create('')).toEqual([400, 'Security group name cannot be empty.']);
    expect(await create('x'.repeat(256))).toEqual([
      400,
      'Security group name should not be greater than 255 characters.',
    ]);
    expect(await create('n', 'x'.repeat(256))).toEqual([
      400,
      'Security group description should not be greater than 255 characters.',
    ]);
    expect(await create(7)).toEqual([400, 'Security group name is not a string or unicode']);
    expect(await answered('POST', '/os-security-groups', { other: {} })).toEqual([
      400,
      'Missing parameter security_group',
    ]);
    expect(await create('"; drop table')).toEqual([200, null]); // a name reaches no ruleset
    expect(await answered('GET', '/os-security-groups/web')).toEqual([400, 'Security group id should be integer']);
    expect(await answered('GET', '/os-security-groups/99999999999')).toEqual([
      404,
      'Security group 99999999999 not found.',
    ]);
  });

  it('show rules by block and by group, and forget them [guide 98, 100, 101]', async () => {
    const [group, source] = [await made(), await made('source')];
    const common = { parent_group_id: group.id, group: {} };
    const first = (await addRule(group)).body as { security_group_rule: Rule };
    const tcp = { ip_protocol: 'tcp', from_port: 22, to_port: 22, ip_range: { cidr: '0.0.0.0/0' } };
    expect(first.security_group_rule).toEqual({ id: first.security_group_rule.id, ...common, ...tcp });
    const bySource = {
      group_id: source.id,
      cidr: undefined,
      ip_protocol: 'udp',
      from_port: undefined,
      to_port: undefined,
    };
    const second = (await addRule(group, bySource)).body as { security_group_rule: Rule };
    const udp = { ip_protocol: 'udp', from_port: 1, to_port: 65_535, ip_range: {} };
    expect(second.security_group_rule).toEqual({
      ...{ id: second.security_group_rule.id, parent_group_id: group.id, ...udp },
      group: { name: 'source', tenant_id: `p-${demo}` },
    });
    const rulesNow = async (): Promise<readonly Rule[]> =>
      (await list()).find(({ name }) => name === 'web')?.rules ?? [];
    expect(await rulesNow()).toEqual([first.security_group_rule, second.security_group_rule]);
    const path = `/os-security-group-rules/${String(first.security_group_rule.id)}`;
    expect((await ask('DELETE', path)).status).toBe(202);
    expect(await answered('DELETE', path)).toEqual([404, `Rule (${String(first.security_group_rule.id)}) not found`]);
    expect((await ask('DELETE', `/os-security-groups/${String(source.id)}`)).status).toBe(202);
    expect(await rulesNow()).toEqual([]);
  });

  it('take the rules that nova takes, and refuse others in its words', async () => {
    const group = await made();
    const rule = { parent_group_id: group.id, ...ssh };
    expect((await addRule(group, { ip_protocol: 'icmp', from_port: -1, to_port: -1 })).status).toBe(200);
    expect((await addRule(group, { from_port: '80', to_port: '80', cidr: '2001:db8::/32' })).status).toBe(200);
    expect((await addRule(group, { cidr: undefined })).body).toMatchObject({
      security_group_rule: { ip_range: { cidr: '0.0.0.0/0' } },
    });
    expect(await refusedRule(rule)).toEqual([400, `This rule already exists in group ${String(group.id)}`]);
    const cases: readonly (readonly [object, string])[] = [
      [{ ip_protocol: 'sctp' }, "Invalid IP protocol 'sctp'."],
      [{ from_port: 23 }, 'Invalid port range 23:22. Former value cannot be greater than the later'],
      [{ to_port: 65_536 }, 'Invalid port range 22:65536. Valid TCP ports should be between 1-65535'],
      [{ from_port: 0 }, 'Invalid port range 0:22. Valid TCP ports should be between 1-65535'],
      [{ from_port: 'ssh' }, 'Invalid input received: To and From ports must be integers'],
      [
        { ip_protocol: 'icmp', from_port: 256, to_port: 0 },
        'Invalid port range 256:0. For ICMP, the type:code must be valid',
      ],
      [{ ip_protocol: undefined }, 'Not enough parameters to build a valid rule.'],
      [{ cidr: '10.0.0.0' }, "Invalid cidr '10.0.0.0'."],
      [{ cidr: '10.0.0.0/33' }, "Invalid cidr '10.0.0.0/33'."],
      [{ cidr: '10.0.0.1/0' }, 'Bad prefix for network in cidr 10.0.0.1/0'],
      [{ cidr: '0.0.0.0/0 } accept' }, "Invalid cidr '0.0.0.0/0 } accept'."],
    ];
    for (const [change, message] of cases) expect(await refusedRule({ ...rule, ...change })).toEqual([400, message]);
    expect(await refusedRule({ ...rule, parent_group_id: 2_000_000 })).toEqual([
      404,
      'Security group 2000000 not found.',
    ]);
    expect(await refusedRule({ ...rule, parent_group_id: 'x' })).toEqual([400, 'Security group id should be integer']);
    expect(await refusedRule({ ...rule, group_id: 2_000_000 })).toEqual([404, 'Security group 2000000 not found.']);
  });

  it('end at the quota, of groups and of the rules of one', async () => {
    const project = { projectId: `p-${demo}`, name: demo, domainId: 'default', description: '', enabled: true };
    await cloud.execute(streamRef('project', `p-${demo}`), { type: 'CreateProject', data: project });
    const quota = (limits: object) =>
      cloud.ask('admin', 'PUT', `/os-quota-sets/p-${demo}`, { quota_set: { force: true, ...limits } });
    const group = await made();
    await quota({ security_groups: 2, security_group_rules: 1 });
    const body = { security_group: { name: 'more', description: 'm' } };
    expect(await answered('POST', '/os-security-groups', body)).toEqual([
      403,
      'Quota exceeded, too many security groups.',
    ]);
    await addRule(group);
    expect(await refusedRule({ parent_group_id: group.id, ...ssh, from_port: 1 })).toEqual([
      403,
      'Quota exceeded, too many security group rules.',
    ]);
    expect((await ask('GET', '/limits')).body).toMatchObject({
      limits: { absolute: { totalSecurityGroupsUsed: 2, maxSecurityGroups: 2, maxSecurityGroupRules: 1 } },
    });
  });

  it('of another project are not there, but for administrators', async () => {
    const group = await made();
    const other = cloud.tenant();
    const path = `/os-security-groups/${String(group.id)}`;
    for (const method of ['GET', 'DELETE'] as const)
      expect((await answered(method, path, undefined, other))[0]).toBe(404);
    expect((await ask('GET', path, undefined, 1, 'admin')).status).toBe(200);
    const all = (await ask('GET', '/os-security-groups?all_tenants=1', undefined, 1, 'admin')).body;
    expect(JSON.stringify(all)).toContain(`"tenant_id":"p-${demo}"`);
  });

  it('are a proxy that ends with 2.36', async () => {
    for (const path of ['/os-security-groups', '/os-security-group-default-rules'])
      for (const [minor, status] of [
        [35, 200],
        [36, 404],
      ] as const)
        expect([path, minor, (await ask('GET', path, undefined, minor, 'admin')).status]).toEqual([
          path,
          minor,
          status,
        ]);
    expect((await ask('POST', '/os-security-group-rules', {}, 36)).status).toBe(404);
  });

  it('of new projects begin with the default rules that administrators set', async () => {
    const path = '/os-security-group-default-rules';
    const body = {
      security_group_default_rule: { ip_protocol: 'TCP', from_port: '80', to_port: '80', cidr: '10.10.10.0/24' },
    };
    expect((await ask('POST', path, body)).status).toBe(403);
    const made = (await ask('POST', path, body, 1, 'admin')).body as { security_group_default_rule: Rule };
    const rule = { ip_protocol: 'TCP', from_port: 80, to_port: 80, ip_range: { cidr: '10.10.10.0/24' } };
    const { id } = made.security_group_default_rule;
    expect(made.security_group_default_rule).toEqual({ id, ...rule });
    expect(await answered('POST', path, body, 'admin')).toEqual([409, 'This default rule already exists.']);
    expect((await ask('GET', path, undefined, 1, 'admin')).body).toEqual({
      security_group_default_rules: [{ id, ...rule }],
    });
    const one = `${path}/${String(id)}`;
    expect((await ask('GET', one, undefined, 1, 'admin')).body).toEqual({
      security_group_default_rule: { id, ...rule },
    });
    expect(await list()).toMatchObject([{ name: 'default', rules: [rule] }]);
    expect((await ask('DELETE', one, undefined, 1, 'admin')).status).toBe(204);
    expect(await answered('GET', one, undefined, 'admin')).toEqual([
      404,
      `Security group default rule (${String(id)}) not found.`,
    ]);
    demo = cloud.tenant();
    expect(await list()).toMatchObject([{ name: 'default', rules: [] }]);
  });
});
