import { outcome } from '../testing/answers';
import { ComputeCloud } from '../testing/compute-cloud';
import { microversion } from '../testing/microversion';

describe('networks that tenants make', () => {
  let cloud: ComputeCloud;
  afterEach(() => cloud.close());

  const ask = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object, minor = 1) =>
    cloud.ask('admin', method, path, body, microversion(minor));
  const make = (cidr: string, more: object = {}) =>
    ask('POST', '/os-tenant-networks', { network: { label: 'own', cidr, ...more } });
  const used = async (): Promise<unknown> => {
    await cloud.caughtUp();
    const { body } = await ask('GET', '/os-quota-sets/p-admin/detail');
    return (body as { quota_set: { networks: { in_use: number } } }).quota_set.networks;
  };
  const TOO_MANY = [403, 'Quota exceeded, too many networks.'];

  it('count in a quota where the operator wants it: a request gets all of its networks, or none', async () => {
    cloud = await ComputeCloud.start({}, { enableNetworkQuota: true });
    expect([(await make('10.90.0.0/24')).status, await used()]).toEqual([200, { limit: 3, in_use: 1, reserved: 0 }]);
    expect(await outcome(make('10.91.0.0/24', { num_networks: 3, network_size: 64 }))).toEqual(TOO_MANY);
    expect((await make('10.90.0.0/25')).status).toBe(409);
    expect(await used()).toMatchObject({ in_use: 1 });
    expect((await make('10.91.0.0/24', { num_networks: 2 })).status).toBe(200);
    expect(await outcome(make('10.92.0.0/24'))).toEqual(TOO_MANY);
    const administrators = { network: { label: 'theirs', cidr: '10.92.0.0/24', project_id: 'p-admin' } };
    expect((await ask('POST', '/os-networks', administrators)).status).toBe(200);
  });

  it('have no limit otherwise, and quota sets do not speak of one', async () => {
    cloud = await ComputeCloud.start();
    for (const n of [0, 1, 2, 3]) expect((await make(`10.90.${String(n)}.0/24`)).status).toBe(200);
    for (const path of ['/os-quota-sets/p-admin', '/os-quota-class-sets/default'])
      expect((await ask('GET', path)).text).not.toContain('networks');
    const change = (minor: number) =>
      outcome(ask('PUT', '/os-quota-sets/p-admin', { quota_set: { networks: 9 } }, minor));
    expect(await change(35)).toEqual([400, 'The networks quota is disabled']);
    expect(await change(36)).toEqual([400, "Additional properties are not allowed ('networks' was unexpected)"]);
  });
});
