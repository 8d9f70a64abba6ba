import { ComputeCloud, IMAGE_ID } from '../testing/compute-cloud';
import { outcome } from '../testing/answers';
import { microversion } from '../testing/microversion';

describe('the rest of the compute service', () => {
  let cloud: ComputeCloud;

  beforeAll(async () => {
    cloud = await ComputeCloud.start();
  });
  afterAll(() => cloud.close());

  it.each([
    ['GET', '/os-agents'],
    ['PUT', '/os-agents/1'],
    ['GET', '/os-cells/capacities'],
    ['GET', '/os-cells/here/capacities'],
    ['POST', '/os-certificates'],
    ['GET', '/os-certificates/root'],
    ['PUT', '/os-cloudpipe/configure-project'],
    ['GET', '/os-fping'],
    ['GET', '/servers/x/consoles'],
  ] as const)('says of %s %s that nova has removed it', async (method, path) => {
    for (const version of ['2.1', '2.93']) {
      const body = method === 'POST' || method === 'PUT' ? { any: 'body' } : undefined;
      const answer = await cloud.ask(cloud.tenant(), method, path, body, { 'x-openstack-nova-api-version': version });
      expect([answer.status, answer.body]).toEqual([
        410,
        {
          computeFault: {
            code: 410,
            message: 'This resource is no longer available.  No forwarding address is given.',
          },
        },
      ]);
    }
    expect((await cloud.raw(method, `/v2.1${path}`)).status).toBe(401);
  });

  it('tells administrators that no host counts usage by months, as with nova’s default', async () => {
    const nobody = {
      num_hosts: 1,
      num_hosts_done: 0,
      num_hosts_running: 0,
      num_hosts_not_run: 1,
      hosts_not_run: ['node1'],
      total_instances: 0,
      total_errors: 0,
      overall_status: '0 of 1 hosts done. 0 errors.',
      log: {},
    };
    const path = '/os-instance_usage_audit_log';
    expect((await cloud.ask('admin', 'GET', path)).body).toMatchObject({ instance_usage_audit_logs: nobody });
    expect((await cloud.ask('admin', 'GET', `${path}/2012-07-05%2010:00:00`)).body).toEqual({
      instance_usage_audit_log: {
        period_beginning: '2012-06-01 00:00:00',
        period_ending: '2012-07-01 00:00:00',
        ...nobody,
      },
    });
    expect((await cloud.ask('admin', 'GET', `${path}/2012-07-05`)).body).toEqual({
      badRequest: { code: 400, message: 'Invalid timestamp for date 2012-07-05' },
    });
    expect((await cloud.ask(cloud.tenant(), 'GET', path)).status).toBe(403);
  });

  it('judges what other services tell of servers, event by event', async () => {
    const here = await cloud.active('admin');
    const nowhere = await cloud.launch('admin');
    await cloud.caughtUp();
    const send = async (events: readonly object[], minor = 1, who = 'admin'): Promise<readonly [number, unknown]> => {
      const answer = await cloud.ask(who, 'POST', '/os-server-external-events', { events }, microversion(minor));
      return [answer.status, answer.body];
    };
    const event = (server_uuid: string, name = 'network-changed', more: object = {}): object => ({
      server_uuid,
      name,
      ...more,
    });
    const none = '5bbcc3c4-1da2-4437-a48a-66f15b1b13f9';
    const done = { ...event(here), status: 'completed', code: 200 };
    expect(await send([event(here)])).toEqual([200, { events: [done] }]);
    expect(await send([event(here), event(none), event(nowhere), event(here, 'power-update')], 76)).toEqual([
      207,
      {
        events: [
          done,
          { ...event(none), status: 'failed', code: 404 },
          { ...event(nowhere), status: 'failed', code: 422 },
          { ...event(here, 'power-update'), status: 'failed', code: 400 },
        ],
      },
    ]);
    expect((await send([event(here, 'power-update', { tag: 'POWER_OFF' })], 76))[0]).toBe(200);
    expect((await send([event(here, 'power-update', { tag: 'POWER_OFF' })], 75))[0]).toBe(400);
    expect((await send([]))[0]).toBe(400);
    expect((await send([event('x')]))[0]).toBe(400);
    expect((await send([event(here)], 1, cloud.tenant()))[0]).toBe(403);
  });

  it('has no floating addresses, in nova’s words', async () => {
    const who = cloud.tenant();
    const refused = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> =>
      outcome(cloud.ask(who, method, `/os-floating-ips${path}`, body));
    expect(await refused('POST', '', {})).toEqual([404, 'No more floating IPs available.']);
    expect(await refused('POST', '', { pool: 'public' })).toEqual([404, 'Floating IP pool not found.']);
    expect(await refused('GET', '/7')).toEqual([404, 'Floating IP not found for ID 7']);
    expect(await refused('DELETE', '/7')).toEqual([404, 'Floating IP not found for ID 7']);
  });

  it('has servers under the name of old clients, too', async () => {
    const who = cloud.tenant();
    const made = await cloud.ask(who, 'POST', '/os-volumes_boot', {
      server: { name: 'old', flavorRef: '1', imageRef: IMAGE_ID },
    });
    expect(made.status).toBe(202);
    const { id } = (made.body as { server: { id: string } }).server;
    await cloud.finishLaunch(id);
    expect((await cloud.ask(who, 'GET', '/os-volumes_boot/detail')).body).toMatchObject({ servers: [{ id }] });
    expect((await cloud.ask(who, 'GET', `/os-volumes_boot/${id}`)).body).toMatchObject({ server: { name: 'old' } });
    expect((await cloud.ask(who, 'POST', `/os-volumes_boot/${id}/action`, { pause: null })).status).toBe(202);
    await cloud.finishOperation(id, 'paused');
    expect((await cloud.ask(who, 'DELETE', `/os-volumes_boot/${id}`)).status).toBe(204);
  });

  it.each([
    ['/os-hypervisors?other=1', 52, 200],
    ['/os-hypervisors?other=1', 53, 400],
    ['/os-hypervisors/b1a9b1a9-0000-5000-8000-000000000001?other=1', 53, 400],
    ['/os-keypairs/none?other=1', 74, 404],
    ['/os-keypairs/none?other=1', 75, 400],
    ['/os-aggregates?other=1', 93, 200],
  ])('knows parameters where nova’s schemas do: %s at 2.%i', async (path, minor, status) => {
    expect((await cloud.ask('admin', 'GET', path, undefined, microversion(minor))).status).toBe(status);
  });
});
