import { Cloud, DEMO, eventually } from './cloud';

/** What has no variable stands in the operator's own file, which `up` lays over the files that it writes. */
describe("a cloud with the operator's own settings", () => {
  const settings = {
    controller: { reclaimInstanceIntervalSeconds: 86_400 },
    agent: { syncPowerStateSeconds: 300, firewallDriver: 'noop' },
  };
  const cloud = new Cloud({
    firstPort: 21_400,
    simulated: 1,
    cidr: '10.71.4.0/24',
    bridge: 'br174',
    latency: 0,
    own: settings,
  });

  beforeAll(async () => {
    await cloud.up();
    const image = cloud.file('image.raw', Buffer.alloc(1024 * 1024));
    await cloud.does(['image', 'create', '--disk-format', 'raw', '--file', image, 'small'], DEMO);
  });
  afterAll(() => cloud.destroy());

  const becomes = (id: string, status: string): Promise<unknown> =>
    eventually(
      () => cloud.openstack<{ status: string }>(['server', 'show', id], DEMO),
      (server) => server.status === status,
    );

  it('keeps a deleted server, which comes back', async () => {
    const create = ['server', 'create', '--image', 'small', '--flavor', 'm1.tiny', '--wait', 'web'];
    const { id } = await cloud.openstack<{ id: string }>(create, DEMO);
    await cloud.does(['server', 'delete', id], DEMO);
    await becomes(id, 'SOFT_DELETED');
    expect(await cloud.openstack<unknown[]>(['server', 'list'], DEMO)).toEqual([]);
    await cloud.does(['server', 'restore', id], DEMO);
    await becomes(id, 'ACTIVE');
  });

  it('says that security groups filter nothing, where that was chosen', async () => {
    expect((await cloud.cairn('status')).stdout).toMatch(/^agent +runs.*\n +security groups filter nothing here/m);
  });

  it.each([
    [{ controller: { reclaimInstanceInterval: 1 } }, /reclaimInstanceInterval/],
    [{ controler: {} }, /must be a JSON object of the objects controller and agent/],
  ])('does not start with %j, and goes on as it was', async (wrong, why) => {
    cloud.configure(wrong);
    const failed = await cloud.up().then(
      () => 'it is up',
      (error: unknown) => String(error),
    );
    cloud.configure(settings);
    expect(failed).toMatch(why);
    expect((await cloud.cairn('status')).status).toBe(0);
  });
});
