import { type ImageCloud, startImageCloud } from './testing/image-cloud';
import { ImageClient, messageOf, type ShownImage } from './testing/image-client';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('the image service', () => {
  let cloud: ImageCloud;
  let client: ImageClient;
  beforeAll(async () => {
    cloud = await startImageCloud();
    client = new ImageClient(cloud);
  });
  afterAll(() => cloud.close());

  it('says what it speaks without a token', async () => {
    for (const [url, status] of [
      ['/', 300],
      ['/v2/', 300],
      ['/versions', 200],
    ] as const) {
      const answer = await cloud.app.inject({ url, headers: { host: 'cloud.example:9292' } });
      expect(answer.statusCode).toBe(status);
      const { versions } = answer.json<{ versions: { id: string; status: string; links: { href: string }[] }[] }>();
      expect(versions[0]).toMatchObject({ id: 'v2.9', status: 'CURRENT' });
      expect(versions.at(-1)).toMatchObject({ id: 'v2.0', status: 'SUPPORTED' });
      expect(versions[0]?.links[0]?.href).toMatch(/^http:\/\/cloud\.example:\d+\/v2\/$/);
    }
  });

  it('takes a path with a slash at its end for another one, which is not there', async () => {
    expect((await client.send('GET', '/v2/images/')).statusCode).toBe(404);
    expect((await client.send('DELETE', '/v2/images/?a=b/')).statusCode).toBe(404);
  });

  it('makes an image with all of its fields and keeps free properties', async () => {
    const answer = await client.post({
      name: 'Ubuntu',
      disk_format: 'raw',
      container_format: 'bare',
      min_disk: 1,
      min_ram: 64,
      tags: ['b', 'a', 'b'],
      'owner_specified.openstack.md5': '',
      kernel_id: null,
    });
    const image = answer.json<ShownImage>();
    expect([answer.statusCode, answer.headers.location]).toEqual([201, `/v2/images/${image.id}`]);
    expect(image).toEqual({
      'owner_specified.openstack.md5': '',
      name: 'Ubuntu',
      disk_format: 'raw',
      container_format: 'bare',
      visibility: 'shared',
      size: null,
      virtual_size: null,
      status: 'queued',
      checksum: null,
      protected: false,
      min_ram: 64,
      min_disk: 1,
      owner: 'p1',
      os_hidden: false,
      os_hash_algo: null,
      os_hash_value: null,
      id: expect.stringMatching(UUID) as unknown,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as unknown,
      updated_at: image['created_at'],
      tags: ['a', 'b'],
      self: `/v2/images/${image.id}`,
      file: `/v2/images/${image.id}/file`,
      schema: '/v2/schemas/image',
    });
    expect((await client.send('GET', `/v2/images/${image.id}`)).json()).toEqual(image);
  });

  it('takes an id from the user, once for everyone', async () => {
    const id = 'b2173dd3-7ad6-4362-baa6-a68bce3565cb';
    expect((await client.create({ id: id.toUpperCase() })).id).toBe(id);
    for (const token of ['demo', 'other']) {
      const again = await client.post({ id }, token);
      expect([again.statusCode, messageOf(again)]).toEqual([409, `Image ID ${id} already exists!`]);
    }
  });

  it('answers a repeat with the same Idempotency-Key with the same image', async () => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'k1' };
    const first = await client.send('POST', '/v2/images', 'demo', '{"name":"once"}', headers);
    const again = await client.send('POST', '/v2/images', 'demo', '{"name":"once"}', headers);
    expect([again.statusCode, again.json<ShownImage>().id]).toEqual([201, first.json<ShownImage>().id]);
    const other = await client.send('POST', '/v2/images', 'demo', '{"name":"other"}', headers);
    expect([other.statusCode, other.body]).toEqual([409, expect.stringContaining('used for another request before')]);
  });

  it.each([
    ['null', 400, "None is not of type 'object'"],
    ['[]', 400, "[] is not of type 'object'"],
    ['"text"', 400, "'text' is not of type 'object'"],
    ['', 400, 'Body expected'],
    ['{', 400, ''],
    [
      '{"name": 5}',
      400,
      "5 is not of type 'null', 'string'\n\nFailed validating 'type' in schema['properties']['name']",
    ],
    ['{"min_disk": "1"}', 400, "On instance['min_disk']:\n    '1'"],
    ['{"min_ram": -1}', 400, 'minimum'],
    ['{"min_ram": 1e99}', 400, 'maximum'],
    ['{"min_ram": true}', 400, "True is not of type 'integer'"],
    ['{"disk_format": "floppy"}', 400, "'floppy' is not one of [None, 'ami', 'ari'"],
    ['{"container_format": "box"}', 400, "'box' is not one of"],
    ['{"visibility": "secret"}', 400, "'secret' is not one of"],
    ['{"id": "7"}', 400, 'does not match'],
    ['{"tags": "a"}', 400, "'a' is not of type 'array'"],
    ['{"tags": [1]}', 400, "On instance['tags'][0]"],
    ['{"protected": "yes"}', 400, "'yes' is not of type 'boolean'"],
    ['{"size_hint": {"a": 1}}', 400, "{'a': 1} is not of type 'string'"],
    ['{"colour": 5}', 400, "On instance['colour']"],
    [`{"name": "${'x'.repeat(256)}"}`, 400, 'is too long'],
    ['{"name": "a\\u0000b"}', 400, 'cannot be stored'],
    ['{"name": "\\ud800"}', 400, 'cannot be stored'],
    ['{"\\u0000": "b"}', 400, 'cannot be stored'],
    [`{"${'k'.repeat(256)}": "v"}`, 400, 'Custom property should not be greater than 255 characters.'],
    ['{"status": "active"}', 403, "Attribute 'status' is read-only."],
    ['{"self": "x"}', 403, "Attribute 'self' is read-only."],
    ['{"deleted": "x"}', 403, "Attribute 'deleted' is reserved."],
    ['{"os_glance_x": "x"}', 403, "Attribute 'os_glance_x' is reserved."],
    ['{"locations": []}', 403, 'locations are invisible'],
    ['{"visibility": "public"}', 403, 'You are not authorized to complete publicize_image action.'],
    ['{"owner": "p2"}', 403, "You are not permitted to create images owned by 'p2'."],
  ])('refuses %s', async (body, status, words) => {
    const answer = await client.send('POST', '/v2/images', 'demo', body, { 'content-type': 'application/json' });
    expect([answer.statusCode, messageOf(answer)]).toEqual([status, expect.stringContaining(words)]);
  });

  it('refuses more properties and tags than there may be', async () => {
    const many = Object.fromEntries(Array.from({ length: 129 }, (_, i) => [`p${String(i)}`, 'x']));
    expect((await client.post(many)).statusCode).toBe(413);
    expect((await client.post({ tags: Object.keys(many) })).statusCode).toBe(413);
  });

  it('refuses tens of thousands of properties as fast as it reads them', async () => {
    const many = Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`p${String(i)}`, 'x']));
    const began = performance.now();
    expect((await client.post(many)).statusCode).toBe(413);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('lets only members make images', async () => {
    const answer = await client.post({}, 'reader');
    expect([answer.statusCode, messageOf(answer)]).toEqual([
      403,
      'You are not authorized to complete add_image action.',
    ]);
  });

  it('describes images, and what it does not offer', async () => {
    const schema = (await client.send('GET', '/v2/schemas/image')).json<{ properties: Record<string, object> }>();
    expect(schema.properties['disk_format']).toMatchObject({ type: ['null', 'string'] });
    for (const name of ['images', 'member', 'members'])
      expect((await client.send('GET', `/v2/schemas/${name}`)).json()).toHaveProperty('name', name);
    expect((await client.send('GET', '/v2/schemas/toString')).statusCode).toBe(404);
    expect((await client.send('GET', '/v2/info/import')).json()).toMatchObject({ 'import-methods': { value: [] } });
    const stores = await client.send('GET', '/v2/info/stores');
    expect([stores.statusCode, messageOf(stores)]).toEqual([404, 'Multi backend is not supported at this site.']);
    const { id } = await client.create();
    expect((await client.send('GET', `/v2/images/${id}/members`)).json()).toEqual({
      members: [],
      schema: '/v2/schemas/members',
    });
    expect((await client.send('POST', `/v2/images/${id}/import`)).statusCode).toBe(404);
  });

  it.each([
    ['GET', '/v2/images/%00'],
    ['GET', '/v2/images/%ff'],
    ['GET', `/v2/images/${'x'.repeat(5000)}`],
    ['GET', '/v2/images/../../etc/passwd'],
    ['GET', '/v2/images?limit[]=1&tag[x]=y&name=a&name=b'],
    ['GET', '/v2/images?__proto__=1'],
    ['PUT', '/v2/images'],
    ['POST', '/v2/images/x/file'],
    ['DELETE', '/v2/images'],
    ['PATCH', '/v2/schemas/image'],
    ['GET', '/v1/images'],
  ] as const)('never fails on %s %s', async (method, url) => {
    const { statusCode } = await client.send(method, url);
    expect([200, 400, 404, 405, 414, 415]).toContain(statusCode);
  });
});
