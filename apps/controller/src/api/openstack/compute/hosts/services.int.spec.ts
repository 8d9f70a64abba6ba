import { hostClaimId, streamRef } from '@cairn/domain';
import { ComputeCloud, HOST_ID } from '../testing/compute-cloud';
import { microversion } from '../testing/microversion';

describe('the deletion of a compute service', () => {
  let cloud: ComputeCloud;

  beforeAll(async () => {
    cloud = await ComputeCloud.start();
  });
  afterAll(() => cloud.close());

  const remove = async (id: string, minor = 53, who = 'admin'): Promise<readonly [number, unknown]> => {
    const { status, body } = await cloud.ask(who, 'DELETE', `/os-services/${id}`, undefined, microversion(minor));
    return [status, body];
  };
  const refusal = (code: number, message: string): readonly [number, unknown] => [
    code,
    { [code === 409 ? 'conflictingRequest' : code === 404 ? 'itemNotFound' : 'badRequest']: { code, message } },
  ];

  it('takes an id of its microversion, from administrators', async () => {
    expect(await remove('1')).toEqual(refusal(400, 'Invalid uuid 1'));
    expect(await remove(HOST_ID, 52)).toEqual(refusal(400, 'Invalid input received: id must be an integer'));
    expect(await remove('77', 52)).toEqual(refusal(404, 'Service 77 not found.'));
    const none = '5bbcc3c4-1da2-4437-a48a-66f15b1b13f9';
    expect(await remove(none)).toEqual(refusal(404, `Service ${none} not found.`));
    expect((await remove(HOST_ID, 53, cloud.tenant()))[0]).toBe(403);
  });

  it('is refused while servers are on its host, or on their way there', async () => {
    const id = await cloud.active('admin');
    const hosting =
      'Unable to delete compute service that is hosting instances. Migrate or delete the instances first.';
    expect(await remove(HOST_ID)).toEqual(refusal(409, hosting));
    await cloud.ask('admin', 'DELETE', `/servers/${id}`);
    await cloud.releaseDebts(id);
    const host = streamRef('host', HOST_ID);
    const owner = streamRef('instance', id);
    const amounts = { vcpus: 1, ramMb: 1, diskGb: 1 };
    const claim = { claimId: hostClaimId(id, 2), owner, projectId: 'p', amounts };
    await cloud.execute(host, {
      type: 'ClaimCapacity',
      data: { ...claim, notAfter: '2100-01-01T00:00:00.000Z', forced: false },
    });
    await cloud.caughtUp();
    const moving =
      'Unable to delete compute service that has in-progress migrations. Complete the migrations or delete the instances first.';
    expect(await remove(HOST_ID)).toEqual(refusal(409, moving));
    const release = { claimId: claim.claimId, notAfter: '2000-01-01T00:00:00.000Z' };
    await cloud.execute(host, { type: 'ReleaseCapacity', data: release });
  });

  it('takes the host out of its aggregates and out of the cloud', async () => {
    const made = await cloud.ask('admin', 'POST', '/os-aggregates', {
      aggregate: { name: 'rack', availability_zone: 'here' },
    });
    const { id } = (made.body as { aggregate: { id: number } }).aggregate;
    await cloud.ask('admin', 'POST', `/os-aggregates/${String(id)}/action`, { add_host: { host: 'node1' } });
    expect(await remove(HOST_ID)).toEqual([204, undefined]);
    await cloud.caughtUp();
    expect((await remove(HOST_ID))[0]).toBe(404);
    const get = async (path: string): Promise<unknown> => (await cloud.ask('admin', 'GET', path)).body;
    expect(await get(`/os-aggregates/${String(id)}`)).toMatchObject({ aggregate: { hosts: [] } });
    expect(await get('/os-hypervisors')).toEqual({ hypervisors: [] });
    expect(await get('/os-services?binary=nova-compute')).toEqual({ services: [] });
    expect(await get('/os-availability-zone')).toEqual({ availabilityZoneInfo: [] });
  });
});
