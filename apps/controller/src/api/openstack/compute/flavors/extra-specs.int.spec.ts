import { streamRef } from '@cairn/domain';
import { ComputeCloud, IMAGE_ID } from '../testing/compute-cloud';

describe('the extra specs of a flavor', () => {
  let cloud: ComputeCloud;

  beforeAll(async () => {
    cloud = await ComputeCloud.start();
  });
  afterAll(() => cloud.close());

  const ask = async (who: string, method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) => {
    const answer = await cloud.ask(who, method, `/flavors/1/os-extra_specs${path}`, body);
    return [answer.status, answer.body] as const;
  };
  const noKey = (key: string): unknown => ({
    itemNotFound: { code: 404, message: `Flavor 1 has no extra specs with key ${key}.` },
  });

  it('are set, shown, changed and taken away, and come with the servers that are launched then', async () => {
    const given = { extra_specs: { ssd: 'true', cores: 8 } };
    expect(await ask('admin', 'POST', '', given)).toEqual([200, given]);
    const tenant = cloud.tenant();
    expect(await ask(tenant, 'GET', '')).toEqual([200, { extra_specs: { ssd: 'true', cores: '8' } }]);
    expect(await ask(tenant, 'GET', '/cores')).toEqual([200, { cores: '8' }]);
    expect(await ask(tenant, 'GET', '/gpu')).toEqual([404, noKey('gpu')]);
    expect(await ask('admin', 'PUT', '/ssd', { ssd: 'false' })).toEqual([200, { ssd: 'false' }]);
    expect((await ask('admin', 'DELETE', '/cores'))[0]).toBe(200);
    expect(await ask('admin', 'DELETE', '/cores')).toEqual([404, noKey('cores')]);
    const server = { name: 's', flavorRef: '1', imageRef: IMAGE_ID };
    const launched = await cloud.ask(tenant, 'POST', '/servers', { server });
    const { id } = (launched.body as { server: { id: string } }).server;
    const { request } = await cloud.core.executor.state(streamRef('instance', id));
    expect(request?.extraSpecs).toEqual({ ssd: 'false' });
    await ask('admin', 'DELETE', '/ssd');
  });

  it('are refused in bodies that are none, and to tenants', async () => {
    const bodies = [{}, { extra_specs: [] }, { extra_specs: { 'a/b': 'c' } }, { extra_specs: { a: null } }];
    for (const body of bodies) expect((await ask('admin', 'POST', '', body))[0]).toBe(400);
    for (const body of [{}, { b: 'c' }, { a: 'b', c: 'd' }, { a: {} }, [], 'a'])
      expect((await ask('admin', 'PUT', '/a', body))[0]).toBe(400);
    const tenant = cloud.tenant();
    expect((await ask(tenant, 'POST', '', { extra_specs: { a: 'b' } }))[0]).toBe(403);
    expect((await ask(tenant, 'PUT', '/a', { a: 'b' }))[0]).toBe(403);
    expect((await ask(tenant, 'DELETE', '/a'))[0]).toBe(403);
    const nowhere = await cloud.ask('admin', 'POST', '/flavors/none/os-extra_specs', { extra_specs: { a: 'b' } });
    expect(nowhere.body).toEqual({ itemNotFound: { code: 404, message: 'Flavor none could not be found.' } });
  });
});
