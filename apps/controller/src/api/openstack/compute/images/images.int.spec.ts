import { ComputeCloud, GIB, IMAGE_ID } from '../testing/compute-cloud';
import { microversion } from '../testing/microversion';

const MINE = '1a4e0000-0000-4000-8000-000000000001';
const SERVER = '5e4e0000-0000-4000-8000-000000000001';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

describe('images, as nova hands them on from Glance', () => {
  let cloud: ComputeCloud;
  let who: string;

  beforeAll(async () => {
    cloud = await ComputeCloud.start();
    who = cloud.tenant();
    const properties = { instance_uuid: SERVER, image_type: 'snapshot', os_hidden: 'false', auto_disk_config: 'True' };
    await cloud.addImage(MINE, {
      projectId: `p-${who}`,
      visibility: 'private',
      name: 'snap',
      properties,
      minRamMb: 64,
      minDiskGb: 1,
    });
    await cloud.caughtUp();
  });
  afterAll(() => cloud.close());

  const ask = async (method: Method, path: string, body?: object, minor = 1, by = who): Promise<[number, unknown]> => {
    const answer = await cloud.ask(by, method, path, body, microversion(minor));
    return [answer.status, answer.body];
  };
  const listed = async (query: string): Promise<unknown> => {
    const [status, body] = await ask('GET', `/images${query}`);
    return status === 200 ? (body as { images: { id: string }[] }).images.map(({ id }) => id) : status;
  };

  it('are shown and listed in the shape of nova, up to 2.35', async () => {
    const brief = {
      id: MINE,
      name: 'snap',
      links: [
        { rel: 'self', href: `http://localhost:8774/v2.1/p-${who}/images/${MINE}` },
        { rel: 'bookmark', href: `http://localhost:8774/p-${who}/images/${MINE}` },
        {
          rel: 'alternate',
          type: 'application/vnd.openstack.image',
          href: `http://localhost:9292/images/${MINE}`,
        },
      ],
    };
    const [, { image }] = (await ask('GET', `/images/${MINE}`)) as [number, { image: object }];
    expect(image).toMatchObject({
      ...brief,
      minRam: 64,
      minDisk: 1,
      metadata: { instance_uuid: SERVER, image_type: 'snapshot', auto_disk_config: 'True' },
      status: 'ACTIVE',
      progress: 100,
      'OS-EXT-IMG-SIZE:size': GIB / 2,
      'OS-DCF:diskConfig': 'AUTO',
      server: { id: SERVER },
    });
    expect(await ask('GET', '/images')).toEqual([200, { images: [brief, expect.objectContaining({ id: IMAGE_ID })] }]);
    expect(await ask('GET', '/images/detail?limit=1')).toEqual([
      200,
      { images: [image], images_links: [{ rel: 'next', href: expect.stringContaining(`marker=${MINE}`) as unknown }] },
    ]);
    for (const path of ['/images', '/images/detail', `/images/${MINE}`])
      expect((await ask('GET', path, undefined, 36))[0]).toBe(404);
  });

  it.each([
    ['?name=snap', [MINE]],
    ['?status=ACTIVE&minRam=64', [MINE]],
    ['?minDisk=1', [MINE]],
    ['?minDisk=x', 400],
    [`?server=http://nova/servers/${SERVER}`, [MINE]],
    ['?type=snapshot', [MINE]],
    ['?property-image_type=other', []],
    ['?changes-since=2020-01-01', [MINE, IMAGE_ID]],
    ['?changes-since=soon', 400],
    [`?marker=${MINE}`, [IMAGE_ID]],
    ['?marker=none', 400],
    ['?anything=else', [MINE, IMAGE_ID]],
  ])('are found by %s', async (query, found) => {
    expect(await listed(query)).toEqual(found);
  });

  it('have metadata up to 2.38', async () => {
    const path = `/images/${MINE}/metadata`;
    const before = { instance_uuid: SERVER, image_type: 'snapshot', auto_disk_config: 'True' };
    expect(await ask('GET', path, undefined, 38)).toEqual([200, { metadata: before }]);
    expect((await ask('GET', path, undefined, 39))[0]).toBe(404);
    expect(await ask('POST', path, { metadata: { os: 'cirros', os_hidden: 'true' } })).toEqual([
      200,
      { metadata: { ...before, os: 'cirros' } },
    ]);
    expect(await ask('GET', `${path}/os`)).toEqual([200, { meta: { os: 'cirros' } }]);
    expect(await ask('PUT', `${path}/os`, { meta: { os: 'debian' } })).toEqual([200, { meta: { os: 'debian' } }]);
    expect(await ask('PUT', `${path}/os`, { meta: { other: 'x' } })).toEqual([
      400,
      { badRequest: { code: 400, message: 'Request body and URI mismatch' } },
    ]);
    expect(await ask('DELETE', `${path}/os`)).toEqual([204, undefined]);
    expect((await ask('GET', `${path}/os`))[0]).toBe(404);
    expect(await ask('DELETE', `${path}/os`)).toEqual([
      404,
      { itemNotFound: { code: 404, message: 'Invalid metadata key' } },
    ]);
    expect(await ask('PUT', path, { metadata: { only: 'this' } })).toEqual([200, { metadata: { only: 'this' } }]);
    const many = Object.fromEntries([...Array(129).keys()].map((i) => [`k${String(i)}`, 'v']));
    expect(await ask('PUT', path, { metadata: many })).toEqual([
      403,
      { forbidden: { code: 403, message: 'Image metadata limit exceeded' } },
    ]);
  });

  it('are deleted by those who may, and nobody else’s are seen', async () => {
    const missing = [404, { itemNotFound: { code: 404, message: 'Image not found.' } }];
    const other = cloud.tenant();
    expect(await ask('GET', `/images/${MINE}`, undefined, 1, other)).toEqual(missing);
    expect(await ask('DELETE', `/images/${MINE}`, undefined, 1, other)).toEqual(missing);
    expect(await ask('DELETE', `/images/${IMAGE_ID}`)).toEqual([
      403,
      { forbidden: { code: 403, message: 'You are not allowed to delete the image.' } },
    ]);
    expect(await ask('POST', `/images/${IMAGE_ID}/metadata`, { metadata: {} })).toEqual([
      403,
      { forbidden: { code: 403, message: `Not authorized for image ${IMAGE_ID}.` } },
    ]);
    expect(await ask('DELETE', `/images/${MINE}`)).toEqual([204, undefined]);
    expect(await ask('GET', `/images/${MINE}`)).toEqual(missing);
    expect(await ask('GET', '/images/none')).toEqual(missing);
  });
});
