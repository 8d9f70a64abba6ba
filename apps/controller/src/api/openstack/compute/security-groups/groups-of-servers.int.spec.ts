import { type CommandOf, instance, securityGroupsRef, streamRef } from '@cairn/domain';
import { ComputeCloud, IMAGE_ID } from '../testing/compute-cloud';
import { launchedId, outcome } from '../testing/answers';
import { withCloud } from '../testing/with-cloud';
import { microversion } from '../testing/microversion';

interface Group {
  readonly id: number;
  readonly name: string;
}

describe('the security groups of servers', () => {
  let cloud: ComputeCloud;
  let demo: string;
  withCloud((started, tenant) => {
    [cloud, demo] = [started, tenant];
  });

  const ask = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object, minor = 1) =>
    cloud.ask(demo, method, path, body, microversion(minor));
  const answered = (method: 'POST' | 'DELETE', path: string, body?: object) => outcome(ask(method, path, body));
  async function made(name = 'web'): Promise<Group> {
    const body = { security_group: { name, description: `the group ${name}` } };
    return ((await ask('POST', '/os-security-groups', body)).body as { security_group: Group }).security_group;
  }
  const boot = async (more: object = {}) => {
    const server = { name: 's', flavorRef: '1', imageRef: IMAGE_ID, networks: 'auto', ...more };
    return ask('POST', '/servers', { server }, 37);
  };
  const namesOf = async (id: string): Promise<unknown> => {
    const { body } = await ask('GET', `/servers/${id}/os-security-groups`);
    return (body as { security_groups: Group[] }).security_groups.map(({ name }) => name);
  };
  /** What the server owes its project's stream of groups. */
  async function tell(id: string): Promise<void> {
    const target = streamRef('instance', id);
    const { instanceId = '', projectId = '' } = (await cloud.core.executor.state(target)).request ?? {};
    expect(instanceId).toBe(id);
    for (const effect of instance.due?.(await cloud.core.executor.state(target)) ?? []) {
      if (effect.kind !== 'command' || effect.command.type !== 'SetMember') continue;
      const command = effect.command as CommandOf<'securitygroups'>;
      const { answer } = await cloud.execute(streamRef('securitygroups', projectId), command);
      expect(effect.target).toEqual(securityGroupsRef(projectId));
      await cloud.execute(target, effect.onDone(answer) as CommandOf<'instance'>);
    }
  }
  const act = (id: string, action: object) => answered('POST', `/servers/${id}/action`, action);

  it('are those that the launch names, or the default group', async () => {
    const plain = launchedId(await boot());
    expect(await namesOf(plain)).toEqual(['default']);
    await made();
    const both = launchedId(await boot({ security_groups: [{ name: 'default' }, { name: 'web' }] }));
    expect(await namesOf(both)).toEqual(['default', 'web']);
    expect((await ask('GET', `/servers/${both}`)).body).toMatchObject({
      server: { security_groups: [{ name: 'default' }, { name: 'web' }] },
    });
    const refused = await boot({ security_groups: [{ name: 'none' }] });
    expect([refused.status, refused.body]).toMatchObject([
      400,
      { badRequest: { message: `Security group none not found for project p-${demo}.` } },
    ]);
  });

  it('change while it runs, and a group with a server in it stays', async () => {
    const group = await made();
    const id = launchedId(await boot());
    await cloud.finishLaunch(id);
    await tell(id);
    expect(await act(id, { addSecurityGroup: { name: 'web' } })).toEqual([202, null]);
    expect(await namesOf(id)).toEqual(['default', 'web']);
    expect((await act(id, { addSecurityGroup: { name: 'web' } }))[0]).toBe(400);
    await tell(id);
    expect(await answered('DELETE', `/os-security-groups/${String(group.id)}`)).toEqual([
      400,
      'Security group is still in use',
    ]);
    expect(await act(id, { removeSecurityGroup: { name: group.id } })).toEqual([202, null]);
    expect((await act(id, { removeSecurityGroup: { name: 'web' } }))[0]).toBe(400);
    expect(await act(id, { removeSecurityGroup: { name: 'none' } })).toEqual([
      404,
      `Security group none not found for project p-${demo}.`,
    ]);
    expect(await act(id, { addSecurityGroup: null })).toEqual([400, 'Missing parameter dict']);
    expect(await act(id, { addSecurityGroup: {} })).toEqual([400, 'Security group not specified']);
    expect(await act(id, { addSecurityGroup: { name: ' ' } })).toEqual([400, 'Security group name cannot be empty']);
    await tell(id);
    expect((await ask('DELETE', `/os-security-groups/${String(group.id)}`)).status).toBe(202);
  });
});
