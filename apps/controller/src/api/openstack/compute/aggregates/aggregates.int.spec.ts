import { streamRef } from '@cairn/domain';
import { ComputeCloud, HOST_ID, IMAGE_ID } from '../testing/compute-cloud';
import { outcome } from '../testing/answers';
import { microversion } from '../testing/microversion';

const LATER = '2100-01-01T00:00:00.000Z';

interface Aggregate {
  readonly id: number;
  readonly name: string;
  readonly availability_zone: string | null;
  readonly hosts?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly updated_at: string | null;
}

describe('host aggregates', () => {
  let cloud: ComputeCloud;

  beforeAll(async () => {
    cloud = await ComputeCloud.start();
    const second = {
      hostId: 'b1a9b1a9-0000-5000-8000-000000000002',
      name: 'node2',
      number: 2,
      availabilityZone: 'nova',
    };
    await cloud.execute(streamRef('host', second.hostId), { type: 'EnrolHost', data: second });
    await cloud.caughtUp();
  });
  afterAll(() => cloud.close());

  const ask = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) =>
    cloud.ask('admin', method, `/os-aggregates${path}`, body);
  const post = (aggregate: object) => ask('POST', '', { aggregate });
  const made = async (name: string, zone?: string): Promise<Aggregate> => {
    const { body } = await post({ name, ...(zone === undefined ? {} : { availability_zone: zone }) });
    return (body as { aggregate: Aggregate }).aggregate;
  };
  const act = ({ id }: Aggregate, body: object) => ask('POST', `/${String(id)}/action`, body);
  /** A claim of a server on node1. */
  const claim = (instanceId: string) =>
    cloud.execute(streamRef('host', HOST_ID), {
      type: 'ClaimCapacity',
      data: {
        claimId: `claim of ${instanceId}`,
        owner: streamRef('instance', instanceId),
        projectId: 'p1',
        amounts: { vcpus: 1, ramMb: 1, diskGb: 1 },
        notAfter: LATER,
        forced: false,
      },
    });
  const list = async (): Promise<readonly Aggregate[]> =>
    ((await ask('GET', '')).body as { aggregates: readonly Aggregate[] }).aggregates;

  it('are made, shown, listed, changed and deleted in the shape of nova', async () => {
    const { status, body } = await post({ name: 'rack', availability_zone: 'here' });
    const { aggregate } = body as { aggregate: Aggregate };
    expect(status).toBe(200);
    expect(aggregate).toMatchObject({ name: 'rack', availability_zone: 'here', deleted: false, deleted_at: null });
    expect(aggregate).not.toHaveProperty('hosts');
    expect(aggregate).not.toHaveProperty('uuid');
    const path = `/${String(aggregate.id)}`;
    const shown = { ...aggregate, hosts: [], metadata: { availability_zone: 'here' } };
    expect((await ask('GET', path)).body).toEqual({ aggregate: shown });
    expect(await list()).toEqual([shown]);
    const changed = await ask('PUT', path, { aggregate: { name: ' row ', availability_zone: 'there' } });
    expect(changed.body).toMatchObject({
      aggregate: { name: 'row', availability_zone: 'there', updated_at: expect.any(String) as unknown },
    });
    const deleted = await ask('DELETE', path);
    expect([deleted.status, deleted.text]).toEqual([200, '']);
    expect(await outcome(ask('GET', path))).toEqual([404, `Aggregate ${String(aggregate.id)} could not be found.`]);
    expect(await list()).toEqual([]);
  });

  it('have hosts and metadata by the words of nova', async () => {
    const one = await made('one');
    expect((await act(one, { add_host: { host: 'node1' } })).body).toMatchObject({ aggregate: { hosts: ['node1'] } });
    expect(await outcome(act(one, { add_host: { host: 'node1' } }))).toEqual([
      409,
      `Aggregate ${String(one.id)} already has host node1.`,
    ]);
    expect(await outcome(act(one, { add_host: { host: 'nowhere' } }))).toEqual([
      404,
      'Compute host nowhere could not be found.',
    ]);
    for (const host of ['nowhere', 'node2'])
      expect(await outcome(act(one, { remove_host: { host } }))).toEqual([
        404,
        `Cannot remove host ${host} in aggregate ${String(one.id)}`,
      ]);
    const set = (metadata: object) => act(one, { set_metadata: { metadata } });
    expect((await set({ ssd: 'true', rack: '7' })).body).toMatchObject({
      aggregate: { metadata: { ssd: 'true', rack: '7' } },
    });
    expect((await set({ rack: null })).body).toMatchObject({ aggregate: { metadata: { ssd: 'true' } } });
    expect(await outcome(ask('DELETE', `/${String(one.id)}`))).toEqual([
      400,
      `Cannot remove host from aggregate ${String(one.id)}. Reason: Host aggregate is not empty.`,
    ]);
    expect((await act(one, { remove_host: { host: 'node1' } })).body).toMatchObject({ aggregate: { hosts: [] } });
    await ask('DELETE', `/${String(one.id)}`);
  });

  it('refuse names that are taken, bodies that are none, and ids that are no numbers', async () => {
    const one = await made('taken');
    expect(await outcome(post({ name: 'taken' }))).toEqual([409, 'Aggregate taken already exists.']);
    const bad = [{ name: '' }, { name: 'a'.repeat(256) }, { name: ' a' }, {}, { name: 'a', availability_zone: 'a:b' }];
    for (const body of bad) expect((await post(body)).status).toBe(400);
    const path = `/${String(one.id)}`;
    expect((await ask('PUT', path, { aggregate: {} })).status).toBe(400);
    expect((await act(one, {})).status).toBe(400);
    const two = { add_host: { host: 'node1' }, set_metadata: { metadata: {} } };
    expect(await outcome(act(one, two))).toEqual([400, 'The request body names more than one action.']);
    expect((await act(one, { set_metadata: { metadata: { 'a/b': 'c' } } })).status).toBe(400);
    expect(await outcome(ask('GET', '/one'))).toEqual([400, 'Invalid input received: id must be an integer']);
    for (const [method, body] of [['GET'], ['DELETE'], ['PUT', { aggregate: { name: 'b' } }]] as const)
      expect(await outcome(ask(method, '/-1', body))).toEqual([404, 'Aggregate -1 could not be found.']);
    await ask('DELETE', path);
  });

  it('make zones, which hosts, servers and tenants are shown, and launches may ask for [guide 3]', async () => {
    const tenant = cloud.tenant();
    const zones = async (): Promise<unknown> => {
      const { body } = await cloud.ask(tenant, 'GET', '/os-availability-zone');
      const { availabilityZoneInfo: info } = body as { availabilityZoneInfo: { zoneName: string }[] };
      return info.map(({ zoneName }) => zoneName);
    };
    const boot = (zone: string) =>
      cloud.ask(tenant, 'POST', '/servers', {
        server: { name: 's', flavorRef: '1', imageRef: IMAGE_ID, availability_zone: zone },
      });
    const none = { badRequest: { code: 400, message: 'The requested availability zone is not available' } };
    const west = await made('west', 'west');
    expect(await zones()).toEqual(['nova']);
    expect((await boot('west')).body).toEqual(none);
    await act(west, { add_host: { host: 'node1' } });
    expect(await zones()).toEqual(['nova', 'west']);
    expect((await cloud.ask('admin', 'GET', '/os-services?binary=nova-compute')).body).toMatchObject({
      services: [
        { host: 'node1', zone: 'west' },
        { host: 'node2', zone: 'nova' },
      ],
    });
    const { id } = ((await boot('west')).body as { server: { id: string } }).server;
    await cloud.finishLaunch(id);
    await claim(id);
    await cloud.caughtUp();
    expect((await cloud.ask(tenant, 'GET', `/servers/${id}`)).body).toMatchObject({
      server: { status: 'ACTIVE', 'OS-EXT-AZ:availability_zone': 'west' },
    });
    expect(await outcome(act(west, { remove_host: { host: 'node1' } }))).toEqual([
      409,
      expect.stringContaining("would change from 'west' to 'None' but the host already has 1 instance(s)") as unknown,
    ]);
    const release = { claimId: `claim of ${id}`, owner: streamRef('instance', id), notAfter: LATER };
    await cloud.execute(streamRef('host', HOST_ID), { type: 'ReleaseCapacity', data: release });
    expect((await act(west, { remove_host: { host: 'node1' } })).status).toBe(200);
  });

  it('keep each host in one zone, and servers in theirs', async () => {
    const [here, there] = [await made('here', 'here'), await made('there', 'there')];
    await act(here, { add_host: { host: 'node1' } });
    expect(await outcome(act(there, { add_host: { host: 'node1' } }))).toEqual([
      409,
      `Cannot add host to aggregate ${String(there.id)}. Reason: One or more hosts already in availability zone(s) ['here'].`,
    ]);
    await claim('i1');
    const path = `/${String(here.id)}`;
    expect(await outcome(ask('PUT', path, { aggregate: { availability_zone: 'elsewhere' } }))).toEqual([
      400,
      `Cannot update aggregate ${String(here.id)}. Reason: One or more hosts contain instances in this zone.`,
    ]);
    expect(await outcome(act(here, { set_metadata: { metadata: { availability_zone: null } } }))).toEqual([
      400,
      `Cannot update metadata of aggregate ${String(here.id)}. ` +
        'Reason: Aggregate here does not support empty named availability zone.',
    ]);
    expect((await act(here, { remove_host: { host: 'node1' } })).status).toBe(409);
  });

  it('are for administrators', async () => {
    const tenant = cloud.tenant();
    const asTenant = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) =>
      cloud.ask(tenant, method, `/os-aggregates${path}`, body);
    const answers = [
      asTenant('GET', ''),
      asTenant('GET', '/1'),
      asTenant('POST', '', { aggregate: { name: 'mine' } }),
      asTenant('PUT', '/1', { aggregate: { name: 'mine' } }),
      asTenant('DELETE', '/1'),
      asTenant('POST', '/1/action', { add_host: { host: 'node1' } }),
      asTenant('POST', '/1/action', { remove_host: { host: 'node1' } }),
      asTenant('POST', '/1/action', { set_metadata: { metadata: {} } }),
    ];
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(answers.map(() => 403));
  });

  it('let their hosts fetch images in advance, from 2.81 on', async () => {
    const aggregate = await made('early');
    await act(aggregate, { add_host: { host: 'node1' } });
    await act(aggregate, { add_host: { host: 'node2' } });
    const cache = async (body: object, minor = 81, id = String(aggregate.id)): Promise<unknown> => {
      const answer = await cloud.ask('admin', 'POST', `/os-aggregates/${id}/images`, body, microversion(minor));
      return answer.status < 400 ? answer.status : outcome(answer);
    };
    const wanted = async (hostId: string): Promise<readonly string[]> => {
      const state = await cloud.core.executor.state(streamRef('host', hostId));
      return state.wanted.map(({ image }) => image.imageId);
    };
    const [one, none] = [{ id: IMAGE_ID }, { id: '5bbcc3c4-1da2-4437-a48a-66f15b1b13f9' }];
    expect(await cache({ cache: [one] }, 80)).toEqual([404, expect.any(String)]);
    expect(await cache({ cache: [] })).toEqual([400, expect.any(String)]);
    expect(await cache({ cache: [{ id: 'x' }] })).toEqual([400, expect.any(String)]);
    expect(await cache({ cache: [one, one] })).toEqual([400, 'Duplicate images in request']);
    expect(await cache({ cache: [none] })).toEqual([400, `Image ${none.id} could not be found.`]);
    expect(await cache({ cache: [one] }, 81, '99')).toEqual([404, 'Aggregate 99 could not be found.']);
    expect(await cache({ cache: [one] }, 81, 'x')).toEqual([400, expect.any(String)]);
    expect(await cache({ cache: [one] })).toBe(202);
    expect(await wanted(HOST_ID)).toEqual([IMAGE_ID]);
    expect(await wanted('b1a9b1a9-0000-5000-8000-000000000002')).toEqual([]); // it never was up
  });
});
