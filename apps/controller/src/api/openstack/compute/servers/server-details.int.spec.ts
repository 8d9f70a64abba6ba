import { ComputeCloud, type Reply } from '../testing/compute-cloud';
import { microversion } from '../testing/microversion';

interface Action {
  readonly action: string;
  readonly request_id: string;
  readonly updated_at?: string;
}

describe('what else can be asked about one server', () => {
  let cloud: ComputeCloud;
  let demo: string;
  let server: string;

  beforeAll(async () => {
    cloud = await ComputeCloud.start();
    demo = cloud.tenant();
    server = await cloud.active(demo);
  });
  afterAll(() => cloud.close());

  const get = (path: string, minor: number, who = demo): Promise<Reply> =>
    cloud.ask(who, 'GET', `/servers/${server}${path}`, undefined, microversion(minor));

  it('is how its guest does, for administrators, in the shape of the microversion', async () => {
    expect((await get('/diagnostics', 1)).status).toBe(403);
    expect((await get('/diagnostics', 1, 'admin')).body).toEqual({
      cpu0_time: 17_300_000_000,
      memory: 524_288,
      'memory-actual': 262_144,
    });
  });

  it('is its interfaces, as ports and as nova-network had them', async () => {
    const { body } = await get('/os-interface', 1);
    const [found] = (body as { interfaceAttachments: { port_id: string; mac_addr: string; net_id: string }[] })
      .interfaceAttachments;
    expect(found).toMatchObject({ port_state: 'ACTIVE', fixed_ips: [{ ip_address: expect.any(String) as string }] });
    expect((await get(`/os-interface/${found?.port_id ?? ''}`, 1)).body).toEqual({ interfaceAttachment: found });
    expect((await get('/os-interface/other', 1)).status).toBe(404);
    const virtual = async (minor: number): Promise<unknown> => (await get('/os-virtual-interfaces', minor)).body;
    const before = { id: found?.port_id, mac_address: found?.mac_addr };
    expect(await virtual(11)).toEqual({ virtual_interfaces: [before] });
    expect(await virtual(12)).toEqual({ virtual_interfaces: [{ ...before, net_id: found?.net_id }] });
  });

  it('is its actions, also after its end, with what the policy shows of their steps', async () => {
    const act = async (body: object): Promise<string> => {
      const reply = await cloud.ask(demo, 'POST', `/servers/${server}/action`, body);
      return String(reply.headers['x-compute-request-id']);
    };
    const stop = await act({ 'os-stop': null });
    await cloud.finishOperation(server, 'stopped');
    const actions = async (minor: number): Promise<readonly Action[]> =>
      ((await get('/os-instance-actions', minor)).body as { instanceActions: Action[] }).instanceActions;
    expect((await actions(1)).map(({ action }) => action)).toEqual(['stop', 'create']);
    expect((await actions(1))[0]).not.toHaveProperty('updated_at');
    const steps = async (who: string, minor: number): Promise<unknown> => {
      const { body } = await get(`/os-instance-actions/${stop}`, minor, who);
      return (body as { instanceAction: { events?: unknown } }).instanceAction.events;
    };
    expect(await steps(demo, 1)).toBeUndefined();
    expect(await steps('admin', 1)).toMatchObject([{ event: 'compute_stop_instance', traceback: null }]);
    await cloud.ask(demo, 'DELETE', `/servers/${server}`);
    await cloud.releaseDebts(server);
    await cloud.caughtUp();
    expect((await get('/os-instance-actions', 20)).status).toBe(404);
    expect((await actions(21)).map(({ action }) => action)).toEqual(['delete', 'stop', 'create']);
  });
});
