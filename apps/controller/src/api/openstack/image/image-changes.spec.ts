import { type ImageCloud, startImageCloud } from './testing/image-cloud';
import { ImageClient, messageOf, PATCH_V20, PATCH_V21 } from './testing/image-client';

describe('images', () => {
  let cloud: ImageCloud;
  let client: ImageClient;
  beforeAll(async () => {
    cloud = await startImageCloud();
    client = new ImageClient(cloud);
  });
  afterAll(() => cloud.close());

  describe('changes', () => {
    it('adds, replaces and removes, all or nothing', async () => {
      const { id } = await client.create({ colour: 'red' });
      const changed = await client.patch(id, [
        { op: 'replace', path: '/name', value: 'Fedora 17' },
        { op: 'replace', path: '/tags', value: ['fedora', 'beefy'] },
        { op: 'add', path: '/a~1b', value: 'c' },
        { op: 'remove', path: '/colour' },
        { op: 'add', path: '/os_hidden', value: true },
        { op: 'replace', path: '/visibility', value: 'community' },
        { op: 'replace', path: '/min_disk', value: 3 },
      ]);
      expect(changed.statusCode).toBe(200);
      expect(changed.json()).toMatchObject({
        name: 'Fedora 17',
        tags: ['beefy', 'fedora'],
        'a/b': 'c',
        os_hidden: true,
        visibility: 'community',
        min_disk: 3,
      });
      expect(changed.json()).not.toHaveProperty('colour');
      const refused = await client.patch(id, [
        { op: 'replace', path: '/name', value: 'never' },
        { op: 'remove', path: '/nothing' },
      ]);
      expect([refused.statusCode, messageOf(refused)]).toEqual([409, 'Property nothing does not exist.']);
      expect((await client.send('GET', `/v2/images/${id}`)).json()).toMatchObject({ name: 'Fedora 17' });
    });

    it('speaks the older form of patches, which does not add what is there', async () => {
      const { id } = await client.create();
      const changed = await client.patch(
        id,
        [
          { replace: '/name', value: 'n' },
          { add: '/x', value: 'y' },
        ],
        PATCH_V20,
      );
      expect([changed.statusCode, changed.json()]).toEqual([200, expect.objectContaining({ name: 'n', x: 'y' })]);
      for (const path of ['/x', '/name']) {
        const answer = await client.patch(id, [{ add: path, value: 'z' }], PATCH_V20);
        expect([answer.statusCode, messageOf(answer)]).toEqual([409, `Property ${path.slice(1)} already present.`]);
      }
    });

    it.each([
      [{}, 400, 'Request body must be a JSON array of operation objects.'],
      [null, 400, 'Request body must be a JSON array'],
      [[1], 400, 'Operations must be JSON objects.'],
      [[{}], 400, 'Unable to find `op`'],
      [[{ op: 'move', path: '/a', value: 'b' }], 400, 'Invalid operation: `move`'],
      [[{ op: 'add', value: 'b' }], 400, "Unable to find 'path'"],
      [[{ op: 'add', path: '/a' }], 400, 'Operation "add" requires a member named "value".'],
      [[{ op: 'add', path: 7, value: 'b' }], 400, 'Pointer'],
      [[{ op: 'add', path: 'a', value: 'b' }], 400, 'does not start with "/"'],
      [[{ op: 'add', path: '/a//b', value: 'b' }], 400, 'adjacent'],
      [[{ op: 'add', path: '/a/', value: 'b' }], 400, 'end with'],
      [[{ op: 'add', path: '/a~2', value: 'b' }], 400, '"~"'],
      [[{ op: 'add', path: '/', value: 'b' }], 400, 'Invalid JSON pointer'],
      [[{ op: 'add', path: '/tags/-', value: 'b' }], 400, 'Invalid JSON pointer'],
      [[{ op: 'replace', path: '/min_ram', value: '7' }], 400, "On instance['min_ram']"],
      [[{ op: 'add', path: '/colour', value: 7 }], 400, "7 is not of type 'string'"],
      [[{ op: 'replace', path: '/id', value: 'x' }], 403, "Attribute 'id' is read-only."],
      [[{ op: 'replace', path: '/status', value: 'active' }], 403, "Attribute 'status' is read-only."],
      [[{ op: 'remove', path: '/name' }], 403, 'Property name may not be removed.'],
      [[{ op: 'replace', path: '/colour', value: 'x' }], 409, 'Property colour does not exist.'],
      [[{ op: 'replace', path: '/visibility', value: 'public' }], 403, 'publicize_image'],
      [[{ op: 'replace', path: '/owner', value: 'p2' }], 403, "Owner can't be updated."],
      [[{ op: 'add', path: '/locations/-', value: {} }], 403, 'locations are invisible'],
    ])('refuses %j', async (changes, status, words) => {
      const { id } = await client.create();
      const answer = await client.patch(id, changes);
      expect([answer.statusCode, messageOf(answer)]).toEqual([status, expect.stringContaining(words)]);
    });

    it('lets administrators give an image to another project', async () => {
      const { id } = await client.create();
      const given = await client.patch(id, [{ op: 'replace', path: '/owner', value: 'p2' }], undefined, 'admin');
      expect([given.statusCode, given.json<object>()]).toEqual([200, expect.objectContaining({ owner: 'p2' })]);
      expect((await client.send('GET', `/v2/images/${id}`)).statusCode).toBe(404);
      const nobody = await client.patch(id, [{ op: 'replace', path: '/owner', value: null }], undefined, 'admin');
      expect(nobody.statusCode).toBe(403);
    });

    it('refuses more changes than one request may make', async () => {
      const { id } = await client.create();
      const steps = (count: number): object[] =>
        Array.from({ length: count }, () => ({ op: 'replace', path: '/min_ram', value: 1 }));
      expect((await client.patch(id, steps(1_024))).statusCode).toBe(200);
      expect((await client.patch(id, steps(1_025))).statusCode).toBe(413);
    });

    it('takes patches only under their own content types', async () => {
      const { id } = await client.create();
      const answer = await client.patch(id, [], 'application/json');
      expect([answer.statusCode, answer.headers['accept-patch']]).toEqual([415, `${PATCH_V20}, ${PATCH_V21}`]);
      expect((await client.patch(id, [], 'application/json-patch+json')).statusCode).toBe(415);
    });

    it('does not change the formats of an active image', async () => {
      const { id } = await client.create();
      await client.upload(id, 'x');
      const answer = await client.patch(id, [{ op: 'replace', path: '/disk_format', value: 'raw' }]);
      expect([answer.statusCode, messageOf(answer)]).toEqual([403, expect.stringContaining('queued image')]);
    });

    it('loses no tag of those that come at the same time', async () => {
      const { id } = await client.create();
      const tags = Array.from({ length: 10 }, (_, i) => `t${String(i)}`);
      const answers = await Promise.all(tags.map((tag) => client.send('PUT', `/v2/images/${id}/tags/${tag}`)));
      expect(answers.map(({ statusCode }) => statusCode)).toEqual(tags.map(() => 204));
      expect((await client.send('GET', `/v2/images/${id}`)).json()).toMatchObject({ tags });
      expect((await client.send('DELETE', `/v2/images/${id}/tags/t3`)).statusCode).toBe(204);
      expect((await client.send('DELETE', `/v2/images/${id}/tags/t3`)).statusCode).toBe(404);
      expect((await client.send('PUT', `/v2/images/${id}/tags/${'x'.repeat(256)}`)).statusCode).toBe(400);
    });
  });

  describe('deletion', () => {
    it('deletes the image and its data', async () => {
      const { id } = await client.create();
      expect((await client.send('DELETE', `/v2/images/${id}`)).statusCode).toBe(204);
      for (const [method, path] of [
        ['GET', ''],
        ['DELETE', ''],
        ['GET', '/file'],
        ['GET', '/members'],
        ['PUT', '/tags/x'],
      ] as const) {
        const answer = await client.send(method, `/v2/images/${id}${path}`);
        expect([answer.statusCode, messageOf(answer)]).toEqual([404, `No image found with ID ${id}`]);
      }
      expect((await client.upload(id, 'x')).statusCode).toBe(404);
      expect((await client.post({ id })).statusCode).toBe(409);
    });

    it('spares protected images', async () => {
      const { id } = await client.create({ protected: true });
      const answer = await client.send('DELETE', `/v2/images/${id}`);
      expect([answer.statusCode, messageOf(answer)]).toEqual([403, `Image ${id} is protected and cannot be deleted.`]);
      await client.patch(id, [{ op: 'replace', path: '/protected', value: false }]);
      expect((await client.send('DELETE', `/v2/images/${id}`)).statusCode).toBe(204);
    });
  });

  describe("others' images", () => {
    it('hides private and shared ones from every request', async () => {
      for (const visibility of ['private', 'shared']) {
        const { id } = await client.create({ visibility });
        const asks = [
          await client.send('GET', `/v2/images/${id}`, 'other'),
          await client.send('GET', `/v2/images/${id}/file`, 'other'),
          await client.send('DELETE', `/v2/images/${id}`, 'other'),
          await client.patch(id, [], PATCH_V21, 'other'),
          await client.upload(id, 'x', 'other'),
          await client.send('PUT', `/v2/images/${id}/tags/x`, 'other'),
        ];
        expect(asks.map(({ statusCode }) => statusCode)).toEqual(asks.map(() => 404));
        expect((await client.send('GET', `/v2/images/${id}`, 'admin')).statusCode).toBe(200);
      }
    });

    it('shows public and community ones, but lets nobody else change them', async () => {
      for (const visibility of ['public', 'community']) {
        const { id } = await client.create({ visibility, owner: 'p1' }, 'admin');
        expect((await client.send('GET', `/v2/images/${id}`, 'other')).statusCode).toBe(200);
        const asks = [
          await client.send('DELETE', `/v2/images/${id}`, 'other'),
          await client.patch(id, [{ op: 'add', path: '/a', value: 'b' }], PATCH_V21, 'other'),
          await client.send('PUT', `/v2/images/${id}/tags/x`, 'other'),
          await client.upload(id, 'x', 'other'),
          await client.patch(id, [{ op: 'add', path: '/a', value: 'b' }], PATCH_V21, 'reader'),
        ];
        expect(asks.map(({ statusCode }) => statusCode)).toEqual(asks.map(() => 403));
        expect(messageOf(asks[0] as (typeof asks)[0])).toBe('You are not authorized to complete delete_image action.');
      }
    });
  });
});
