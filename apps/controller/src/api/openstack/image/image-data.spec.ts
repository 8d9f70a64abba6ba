import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { type ImageCloud, startImageCloud } from './testing/image-cloud';
import { ImageClient, messageOf, PATCH_V21, type ShownImage } from './testing/image-client';

describe('the data of images', () => {
  let cloud: ImageCloud;
  let client: ImageClient;
  beforeAll(async () => {
    cloud = await startImageCloud();
    client = new ImageClient(cloud);
  });
  afterAll(() => cloud.close());

  describe('data', () => {
    it('takes it once and gives it back', async () => {
      const { id } = await client.create();
      expect((await client.send('GET', `/v2/images/${id}/file`)).statusCode).toBe(204);
      const bytes = Buffer.from('a disk image');
      expect((await client.upload(id, bytes)).statusCode).toBe(204);
      expect((await client.send('GET', `/v2/images/${id}`)).json()).toMatchObject({
        status: 'active',
        size: bytes.byteLength,
        checksum: createHash('md5').update(bytes).digest('hex'),
        os_hash_algo: 'sha512',
        os_hash_value: createHash('sha512').update(bytes).digest('hex'),
      });
      const file = await client.send('GET', `/v2/images/${id}/file`);
      expect([file.statusCode, file.rawPayload]).toEqual([200, bytes]);
      expect(file.headers).toMatchObject({
        'content-type': 'application/octet-stream',
        'content-length': '12',
        'content-md5': createHash('md5').update(bytes).digest('hex'),
      });
      const again = await client.upload(id, 'other bytes');
      expect([again.statusCode, messageOf(again)]).toEqual([
        409,
        'Image status transition from active to saving is not allowed',
      ]);
    });

    it.each([
      ['bytes=2-4', 206, 'dis', 'bytes 2-4/12'],
      ['bytes=8-', 206, 'mage', 'bytes 8-11/12'],
      ['bytes=-5', 206, 'image', 'bytes 7-11/12'],
      ['bytes=10-99', 206, 'ge', 'bytes 10-11/12'],
      ['bytes=12-', 416, undefined, 'bytes */12'],
      ['bytes=4-2', 200, 'a disk image', undefined],
      ['bytes=0-1,4-5', 200, 'a disk image', undefined],
      ['lines=1-2', 200, 'a disk image', undefined],
    ])('gives a part: %s', async (range, status, part, contentRange) => {
      const { id } = await client.create();
      await client.upload(id, 'a disk image');
      const answer = await client.send('GET', `/v2/images/${id}/file`, 'demo', undefined, { range });
      expect([answer.statusCode, answer.headers['content-range']]).toEqual([status, contentRange]);
      if (part !== undefined) expect(answer.payload).toBe(part);
    });

    it('wants an octet stream', async () => {
      const { id } = await client.create();
      for (const type of ['application/json', 'text/plain', 'multipart/form-data', PATCH_V21])
        for (const data of ['[]', 'no JSON', 'x'.repeat(2 * 1024 * 1024)])
          expect((await client.upload(id, data, 'demo', type)).statusCode).toBe(415);
      expect((await client.send('PUT', `/v2/images/${id}/file`, 'demo', 'x')).statusCode).toBe(415);
    });

    it('wants to know the formats first', async () => {
      const { id } = (await client.post({})).json<ShownImage>();
      const answer = await client.upload(id, 'x');
      expect([answer.statusCode, messageOf(answer)]).toEqual([
        400,
        'Properties disk_format, container_format must be set prior to saving data.',
      ]);
    });

    it('lets one of two uploads win', async () => {
      const { id } = await client.create();
      const statuses = (await Promise.all([client.upload(id, 'one'), client.upload(id, 'two')])).map(
        ({ statusCode }) => statusCode,
      );
      expect(statuses.sort()).toEqual([204, 409]);
    });

    it('refuses more bytes than a blob may have, and the image stays queued', async () => {
      const { id } = await client.create();
      const answer = await client.upload(id, Buffer.alloc(1024 * 1024 + 1));
      expect([answer.statusCode, messageOf(answer)]).toEqual([413, expect.stringContaining('too large')]);
      expect((await client.send('GET', `/v2/images/${id}`)).json()).toMatchObject({ status: 'queued', size: null });
    });

    it('says clearly that data is missing from the store', async () => {
      const { id } = await client.create();
      await client.upload(id, 'soon lost');
      const sha256 = createHash('sha256').update('soon lost').digest('hex');
      await rm(join(cloud.folder, 'blobs', 'sha256', sha256));
      const answer = await client.send('GET', `/v2/images/${id}/file`);
      expect([answer.statusCode, messageOf(answer)]).toEqual([
        404,
        `The data of image ${id} could not be found in the store.`,
      ]);
    });
  });
});
