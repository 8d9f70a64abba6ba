import { ComputeCloud, type Reply } from '../testing/compute-cloud';
import { shownServer } from '../testing/answers';
import { microversion } from '../testing/microversion';

describe('tags of a server', () => {
  let cloud: ComputeCloud;
  let demo: string;
  let server: string;

  beforeAll(async () => {
    cloud = await ComputeCloud.start();
    demo = cloud.tenant();
    server = await cloud.active(demo);
  });
  afterAll(() => cloud.close());

  const ask = (method: 'GET' | 'PUT' | 'DELETE', path: string, body?: unknown, minor = 26): Promise<Reply> =>
    cloud.ask(demo, method, `/servers/${server}/tags${path}`, body, microversion(minor));
  const tags = async (): Promise<unknown> => (await ask('GET', '')).body;

  it('come one by one and all at once, and go so', async () => {
    expect(await tags()).toEqual({ tags: [] });
    const added = await ask('PUT', '/web');
    expect([added.status, added.text]).toEqual([201, '']);
    expect(added.headers['location']).toBe(`http://localhost:8774/v2.1/p-${demo}/servers/${server}/tags/web`);
    expect((await ask('PUT', '/web')).status).toBe(204);
    expect((await ask('GET', '/web')).status).toBe(204);
    expect((await ask('GET', '/db')).status).toBe(404);
    expect((await ask('PUT', '', { tags: ['b', 'a', 'b'] })).body).toEqual({ tags: ['a', 'b'] });
    expect((await ask('DELETE', '/a')).status).toBe(204);
    expect((await ask('DELETE', '/a')).status).toBe(404);
    expect(await tags()).toEqual({ tags: ['b'] });
    expect((await ask('DELETE', '')).status).toBe(204);
    expect(await tags()).toEqual({ tags: [] });
  });

  it('are refused where they are too many, too long, or no tags', async () => {
    const status = async (path: string, body?: unknown): Promise<number> => (await ask('PUT', path, body)).status;
    expect(await status('/a%2Cb')).toBe(400);
    expect(await status(`/${'x'.repeat(61)}`)).toBe(400);
    expect(await status('', { tags: [''] })).toBe(400);
    expect(await status('', { tags: 'a' })).toBe(400);
    expect(await status('', { tags: Array.from({ length: 51 }, (_, i) => String(i)) })).toBe(400);
    expect(await status('', { tags: Array.from({ length: 50 }, (_, i) => String(i)) })).toBe(200);
    const more = await ask('PUT', '/more');
    expect([more.status, more.text]).toEqual([400, expect.stringContaining('exceeded the per-server limit 50')]);
    expect((await ask('GET', '', undefined, 25)).status).toBe(404);
  });

  it('filter lists', async () => {
    await ask('PUT', '', { tags: ['red', 'big'] });
    const found = async (query: string): Promise<unknown> => {
      const { body } = await cloud.ask(demo, 'GET', `/servers?${query}`, undefined, microversion(26));
      return (body as { servers: { id: string }[] }).servers.map(({ id }) => id);
    };
    expect(await found('tags=red,big')).toEqual([server]);
    expect(await found('tags=red,small')).toEqual([]);
    expect(await found('tags-any=red,small')).toEqual([server]);
    expect(await found('not-tags=red,small')).toEqual([server]);
    expect(await found('not-tags-any=red,small')).toEqual([]);
  });

  it('are not for a server in error', async () => {
    await cloud.ask('admin', 'POST', `/servers/${server}/action`, { 'os-resetState': { state: 'error' } });
    const refused = await ask('PUT', '/late');
    expect([refused.status, refused.text]).toEqual([
      409,
      expect.stringContaining(`Cannot 'update tag' instance ${server} while it is in vm_state error`),
    ]);
  });
});

describe('an administrator who resets a state', () => {
  let cloud: ComputeCloud;
  beforeAll(async () => {
    cloud = await ComputeCloud.start();
  });
  afterAll(() => cloud.close());

  it('gives up what is under way, and is no tenant', async () => {
    const demo = cloud.tenant();
    const id = await cloud.active(demo);
    const act = async (who: string, body: object): Promise<number> =>
      (await cloud.ask(who, 'POST', `/servers/${id}/action`, body)).status;
    const show = () => shownServer(cloud, demo, id);
    expect(await act(demo, { 'os-stop': null })).toBe(202);
    expect(await act(demo, { 'os-resetState': { state: 'active' } })).toBe(403);
    expect(await act('admin', { 'os-resetState': { state: 'stopped' } })).toBe(400);
    expect(await act('admin', { 'os-resetState': { state: 'error' } })).toBe(202);
    expect(await show()).toMatchObject({
      status: 'ERROR',
      'OS-EXT-STS:task_state': null,
      fault: { message: 'An administrator has reset the state of the server.' },
    });
    expect(await act('admin', { 'os-resetState': { state: 'active' } })).toBe(202);
    expect(await show()).toMatchObject({ status: 'ACTIVE' });
    expect(await act('admin', { resetNetwork: null })).toBe(410);
    const { body } = await cloud.ask(demo, 'GET', `/servers/${id}/os-instance-actions`);
    const actions = (body as { instanceActions: { action: string }[] }).instanceActions;
    expect(actions.map(({ action }) => action)).toEqual(['resetState', 'resetState', 'stop', 'create']);
  });
});
