import { ComputeCloud, IMAGE_ID, type Reply } from './testing/compute-cloud';
import { launchedId } from './testing/answers';
import { withCloud } from './testing/with-cloud';

describe('an address that a launch asks for', () => {
  let cloud: ComputeCloud;
  let networkId: string;
  let who: string;
  withCloud(
    (started, tenant) => {
      [cloud, who] = [started, tenant];
    },
    async (started) => {
      const wanted = { label: 'small', cidr: '10.5.0.0/29', gateway: '10.5.0.1', allowed_end: '10.5.0.5' };
      const { body } = await started.ask('admin', 'POST', '/os-networks', { network: wanted });
      networkId = (body as { network: { id: string } }).network.id;
    },
  );

  const launch = (address: string, more: object = {}): Promise<Reply> =>
    cloud.ask(who, 'POST', '/servers', {
      server: {
        name: 'web',
        flavorRef: '1',
        imageRef: IMAGE_ID,
        networks: [{ uuid: networkId, fixed_ip: address }],
        ...more,
      },
    });
  const refusal = (message: string): object => ({ status: 400, body: { badRequest: { code: 400, message } } });

  it.each(['10.5.0.0', '10.5.0.1', '10.5.0.6', '10.5.0.7', '10.6.0.2', '127.0.0.1'])(
    'is refused at once when the network does not give it out: %s',
    async (address) => {
      const message = `Fixed IP address (${address}) does not exist in network (${networkId}).`;
      expect(await launch(address)).toMatchObject(refusal(message));
    },
  );

  it('is refused at once when a server has it, or is about to get it', async () => {
    const id = launchedId(await launch('10.5.0.3'));
    const taken = refusal(`Fixed IP address 10.5.0.3 is already in use on instance ${id}.`);
    expect(await launch('10.5.0.3')).toMatchObject(taken);
    await cloud.finishLaunch(id);
    expect(await launch('10.5.0.3')).toMatchObject({ status: 400 });
  });

  it('is free again when the launch that asked for it was given up', async () => {
    const id = launchedId(await launch('10.5.0.4'));
    expect((await cloud.ask(who, 'DELETE', `/servers/${id}`)).status).toBe(204);
    expect((await launch('10.5.0.4')).status).toBe(202);
  });

  it('is one server’s only', async () => {
    const message = 'max_count cannot be greater than 1 if an fixed_ip is specified.';
    expect(await launch('10.5.0.2', { max_count: 2 })).toMatchObject(refusal(message));
  });
});

describe('a network that an administrator asks for', () => {
  let cloud: ComputeCloud;
  beforeAll(async () => {
    cloud = await ComputeCloud.start();
  });
  afterAll(() => cloud.close());

  it.each<readonly [object]>([
    [{ cidr: '127.0.0.0/8' }],
    [{ cidr: '169.254.0.0/16' }],
    [{ cidr: '224.0.0.0/24' }],
    [{ cidr: '240.0.0.0/8' }],
    [{ cidr: '0.0.0.0/8' }],
    [{ bridge: 'lo' }],
    [{ bridge: 'eth0' }],
    [{ bridge: 'enp3s0' }],
    [{ bridge: 'a/b' }],
  ])('is refused with a reason: %j', async (wrong) => {
    const network = { label: 'n', cidr: '10.7.0.0/24', ...wrong };
    const reply = await cloud.ask('admin', 'POST', '/os-networks', { network });
    expect(reply).toMatchObject({ status: 400, body: { badRequest: { code: 400 } } });
    expect(reply.text).toContain(Object.keys(wrong)[0]);
  });
});
