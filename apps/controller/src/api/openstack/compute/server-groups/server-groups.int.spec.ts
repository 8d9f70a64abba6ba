import { streamRef } from '@cairn/domain';
import { ComputeCloud, HOST_ID, IMAGE_ID, type Reply } from '../testing/compute-cloud';
import { launchedId } from '../testing/answers';
import { withCloud } from '../testing/with-cloud';
import { microversion } from '../testing/microversion';

const NONE = '5bbcc3c4-1da2-4437-a48a-66f15b1b13f9';

interface Group {
  readonly id: string;
  readonly name: string;
  readonly policies: readonly string[];
  readonly members: readonly string[];
}

describe('server groups', () => {
  let cloud: ComputeCloud;
  let demo: string;
  withCloud((started, tenant) => {
    [cloud, demo] = [started, tenant];
  });

  const post = (who: string, policies: unknown, minor = 1, name = 'test') =>
    cloud.ask(who, 'POST', '/os-server-groups', { server_group: { name, policies } }, microversion(minor));
  const made = async (who: string, policy = 'anti-affinity', name = 'test'): Promise<Group> =>
    ((await post(who, [policy], 15, name)).body as { server_group: Group }).server_group;
  const list = async (who: string, query = '', minor = 1): Promise<readonly Group[]> =>
    (
      (await cloud.ask(who, 'GET', `/os-server-groups${query}`, undefined, microversion(minor))).body as {
        server_groups: Group[];
      }
    ).server_groups;
  const boot = (who: string, hints: object, more: object = {}) =>
    cloud.ask(who, 'POST', '/servers', {
      server: { name: 's', flavorRef: '1', imageRef: IMAGE_ID, ...more },
      ...hints,
    });

  it('are made, shown, listed and deleted in the shape of nova [guide 50]', async () => {
    const answer = await post(demo, ['anti-affinity']);
    const group = (answer.body as { server_group: Group }).server_group;
    const shown = { id: group.id, name: 'test', policies: ['anti-affinity'], members: [], metadata: {} };
    expect([answer.status, group]).toEqual([200, shown]);
    const path = `/os-server-groups/${group.id}`;
    expect((await cloud.ask(demo, 'GET', path)).body).toEqual({ server_group: shown });
    expect((await cloud.ask(demo, 'GET', path, undefined, microversion(13))).body).toEqual({
      server_group: { ...shown, project_id: `p-${demo}`, user_id: `u-${demo}` },
    });
    expect(await list(demo)).toEqual([shown]);
    expect((await cloud.ask(demo, 'DELETE', path)).status).toBe(204);
    for (const method of ['GET', 'DELETE'] as const)
      expect((await cloud.ask(demo, method, path)).body).toEqual({
        itemNotFound: { code: 404, message: `Instance group ${group.id} could not be found.` },
      });
    expect(await list(demo)).toEqual([]);
  });

  it('have one of the policies that the microversion knows', async () => {
    const refused = async (policies: unknown, minor: number): Promise<unknown> => {
      const { status, body } = await post(demo, policies, minor);
      return status === 200 ? 200 : (body as { badRequest: { message: string } }).badRequest.message;
    };
    expect(await refused(['soft-affinity'], 15)).toBe(200);
    expect(await refused(['soft-affinity'], 14)).toBe(
      "Invalid input for field/attribute 0. Value: 'soft-affinity'. " +
        "'soft-affinity' is not one of ['anti-affinity', 'affinity']",
    );
    expect(await refused([], 1)).toMatch(/attribute policies.*too short/);
    expect(await refused(['affinity', 'anti-affinity'], 1)).toMatch(/Additional items are not allowed/);
    expect(await refused('affinity', 1)).toMatch(/attribute policies/);
    const { body } = await cloud.ask(demo, 'POST', '/os-server-groups', { server_group: { policies: ['affinity'] } });
    expect(body).toMatchObject({ badRequest: { message: expect.stringMatching(/'name' is a required/) as unknown } });
  });

  it('have one policy with rules from 2.64 on', async () => {
    const make = async (group: object, minor = 64): Promise<readonly [number, unknown]> => {
      const server_group = { name: 'test', ...group };
      const { status, body } = await cloud.ask(
        'admin',
        'POST',
        '/os-server-groups',
        { server_group },
        microversion(minor),
      );
      return [status, body];
    };
    const rules = { max_server_per_host: 3 };
    const [status, body] = await make({ policy: 'anti-affinity', rules });
    expect(status).toBe(200);
    expect(body).toMatchObject({ server_group: { policy: 'anti-affinity', rules, members: [] } });
    const { id } = (body as { server_group: Group }).server_group;
    const shown = await cloud.ask('admin', 'GET', `/os-server-groups/${id}`, undefined, microversion(93));
    expect(shown.body).toMatchObject({ server_group: { policy: 'anti-affinity', rules } });
    const listed = await cloud.ask('admin', 'GET', '/os-server-groups', undefined, microversion(93));
    expect(listed.body).toMatchObject({ server_groups: [{ rules }] });
    const before = await cloud.ask('admin', 'GET', `/os-server-groups/${id}`, undefined, microversion(63));
    expect(before.body).toMatchObject({ server_group: { policies: ['anti-affinity'], metadata: {} } });
    for (const wrong of [
      {},
      { policies: ['affinity'] },
      { policy: 'none' },
      { policy: 'affinity', rules },
      { policy: 'anti-affinity', rules: { max_server_per_host: 0 } },
      { policy: 'anti-affinity', rules: { other: 1 } },
      { policy: 'anti-affinity', rules: [] },
    ])
      expect((await make(wrong))[0]).toBe(400);
    expect((await make({ policy: 'affinity' }, 63))[0]).toBe(400);
    await cloud.ask('admin', 'DELETE', `/os-server-groups/${id}`);
  });

  it('are listed by pages, and for administrators those of all projects', async () => {
    const names = ['a', 'b', 'c'];
    for (const name of names) await made(demo, 'affinity', name);
    const namesOf = (groups: readonly Group[]): readonly string[] => groups.map(({ name }) => name);
    expect(namesOf(await list(demo, '?limit=1&offset=1'))).toEqual(['b']);
    expect(namesOf(await list(demo, '?offset=2'))).toEqual(['c']);
    expect((await cloud.ask(demo, 'GET', '/os-server-groups?offset=x')).status).toBe(400);
    const other = cloud.tenant();
    expect(await list(other, '?all_projects=True')).toEqual([]);
    const all = await list('admin', '?all_projects=True', 13);
    expect(all.filter((group) => names.includes(group.name))).toHaveLength(3);
    expect(await list('admin')).toEqual([]);
  });

  it('belong to their project', async () => {
    const { id } = await made(demo);
    const other = cloud.tenant();
    for (const method of ['GET', 'DELETE'] as const) {
      const ask = (group: string): Promise<Reply> => cloud.ask(other, method, `/os-server-groups/${group}`);
      const [foreign, unknown] = [await ask(id), await ask(HOST_ID)];
      expect(foreign.status).toBe(404);
      expect(foreign.text.replace(id, HOST_ID)).toBe(unknown.text);
    }
    expect((await cloud.ask('admin', 'GET', `/os-server-groups/${id}`)).status).toBe(200);
    expect((await boot(other, { 'os:scheduler_hints': { group: id } })).status).toBe(400);
  });

  it('count against the quota until they are deleted', async () => {
    const groups: Group[] = [];
    for (let i = 0; i < 10; i += 1) groups.push(await made(demo));
    expect((await post(demo, ['affinity'])).body).toEqual({
      forbidden: { code: 403, message: 'Quota exceeded, too many server groups.' },
    });
    const usage = async (): Promise<unknown> => (await cloud.ask(demo, 'GET', '/limits')).body;
    expect(await usage()).toMatchObject({ limits: { absolute: { totalServerGroupsUsed: 10 } } });
    const target = streamRef('servergroup', groups[0]?.id ?? '');
    await cloud.ask(demo, 'DELETE', `/os-server-groups/${target.id}`);
    await cloud.execute(streamRef('quota', `p-${demo}`), { type: 'ReleaseQuota', data: { owner: target } });
    expect((await post(demo, ['affinity'])).status).toBe(200);
  });

  it('have as members the servers that were launched into them', async () => {
    const { id } = await made(demo);
    const members = async (): Promise<readonly string[]> => (await list(demo))[0]?.members ?? [];
    const first = await boot(demo, { 'os:scheduler_hints': { group: id } });
    expect(first.status).toBe(202);
    const second = await boot(demo, {}, { 'OS-SCH-HNT:scheduler_hints': { group: id } });
    await boot(demo, {});
    await cloud.caughtUp();
    const ids = [first, second].map(launchedId);
    expect([...(await members())].sort()).toEqual([...ids].sort());
    const request = await cloud.core.executor.state(streamRef('instance', ids[0] ?? ''));
    expect(request.request?.serverGroupId).toBe(id);
    expect((await cloud.ask(demo, 'GET', `/os-server-groups/${id}`)).body).toMatchObject({
      server_group: { members: await members() },
    });
  });

  it('are shown with a member of theirs, also where it is renamed or rebuilt, from 2.71 on', async () => {
    const { id } = await made(demo);
    const server = await cloud.active(demo, { 'os:scheduler_hints': { group: id } });
    const path = `/servers/${server}`;
    const answers = async (minor: number): Promise<readonly object[]> => {
      const shown = await cloud.ask(demo, 'GET', path, undefined, microversion(minor));
      const renamed = await cloud.ask(demo, 'PUT', path, { server: { name: 'b' } }, microversion(minor));
      const rebuilt = await cloud.ask(
        demo,
        'POST',
        `${path}/action`,
        { rebuild: { imageRef: IMAGE_ID } },
        microversion(minor),
      );
      await cloud.finishOperation(server, 'running');
      return [shown, renamed, rebuilt].map(({ body }) => (body as { server: object }).server);
    };
    for (const answer of await answers(70)) expect(answer).not.toHaveProperty('server_groups');
    for (const answer of await answers(71)) expect(answer).toMatchObject({ id: server, server_groups: [id] });
  });

  it('take no more members than the quota allows, and must be there', async () => {
    const { id } = await made(demo);
    const hints = { 'os:scheduler_hints': { group: id } };
    const limits = { type: 'SetQuotaLimits', data: { limits: { server_group_members: 1 }, force: true } } as const;
    await cloud.execute(streamRef('quota', `p-${demo}`), limits);
    const tooMany = { forbidden: { code: 403, message: 'Quota exceeded, too many servers in group' } };
    expect((await boot(demo, hints, { min_count: 2 })).body).toEqual(tooMany);
    expect((await boot(demo, hints)).status).toBe(202);
    await cloud.caughtUp();
    expect((await boot(demo, hints)).body).toEqual(tooMany);
    expect((await boot(demo, { 'os:scheduler_hints': { group: NONE } })).body).toEqual({
      badRequest: { code: 400, message: `Instance group ${NONE} could not be found.` },
    });
    expect((await boot(demo, { 'os:scheduler_hints': { group: 'web' } })).body).toMatchObject({
      badRequest: { message: "Invalid input for field/attribute group. Value: 'web'. 'web' is not a 'uuid'" },
    });
  });
});
