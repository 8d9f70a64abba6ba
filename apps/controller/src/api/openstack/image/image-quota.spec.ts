import fs, { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { type ImageCloud, startImageCloud } from './testing/image-cloud';
import { ImageClient, messageOf } from './testing/image-client';

const KIB = 1024;

describe('what the images of a project may take', () => {
  let cloud: ImageCloud;
  let client: ImageClient;
  beforeEach(async () => {
    cloud = await startImageCloud({ imageMaxBytes: 4096 * KIB, imageQuotaMib: 1 });
    client = new ImageClient(cloud);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await cloud.close();
  });

  const data = (kib: number, fill: number): Buffer => Buffer.alloc(kib * KIB, fill);
  const blobs = (): Promise<readonly string[]> => readdir(join(cloud.folder, 'blobs/sha256'));
  const chunked = async (id: string, chunks: Iterable<Buffer>): ReturnType<ImageClient['upload']> =>
    cloud.app.inject({
      method: 'PUT',
      url: `/v2/images/${id}/file`,
      headers: { 'x-auth-token': 'demo', accept: 'application/json', 'content-type': 'application/octet-stream' },
      payload: Readable.from(chunks),
    });

  it('is their quota together, in the words of Glance; another project has its own', async () => {
    const [first, second] = [await client.create(), await client.create()];
    expect((await client.upload(first.id, data(700, 1))).statusCode).toBe(204);
    const refused = await client.upload(second.id, data(700, 2));
    expect([refused.statusCode, messageOf(refused)]).toEqual([
      413,
      'Image exceeds the storage quota: The size of the data 716800 will exceed the limit. 331776 bytes remaining.',
    ]);
    expect(await blobs()).toHaveLength(1);
    expect(await client.show(second.id)).toMatchObject({ status: 'queued' });
    expect((await client.upload(second.id, data(324, 2))).statusCode).toBe(204);
    const others = await client.create({}, 'other');
    expect((await client.upload(others.id, data(700, 3), 'other')).statusCode).toBe(204);
  });

  it('is free again when an image is deleted', async () => {
    const [first, second] = [await client.create(), await client.create()];
    await client.upload(first.id, data(700, 1));
    await client.send('DELETE', `/v2/images/${first.id}`);
    expect((await client.upload(second.id, data(700, 2))).statusCode).toBe(204);
  });

  it('holds for data whose size is not said before', async () => {
    const { id } = await client.create();
    expect((await chunked(id, [data(512, 1), data(512, 2)])).statusCode).toBe(204);
    const more = await client.create();
    const refused = await chunked(more.id, [data(1, 1)]);
    expect([refused.statusCode, (await blobs()).length]).toEqual([413, 1]);
  });

  it('is shared by uploads at the same time: none takes what another is about to', async () => {
    const images = await Promise.all(Array.from({ length: 6 }, () => client.create()));
    const answers = await Promise.all(
      images.map(({ id }, n) => (n % 2 === 0 ? client.upload(id, data(400, n)) : chunked(id, [data(400, n)]))),
    );
    const stored = answers.filter(({ statusCode }) => statusCode === 204).length;
    expect(stored).toBeLessThanOrEqual(2);
    for (const { statusCode } of answers) expect([204, 413]).toContain(statusCode);
  });

  it('leaves a part of the disk to others', async () => {
    const disk = { bsize: 4096, blocks: 1_000_000, bavail: 40_000 };
    jest.spyOn(fs, 'statfs').mockImplementation((() => Promise.resolve(disk)) as unknown as typeof fs.statfs);
    const { id } = await client.create();
    const refused = await client.upload(id, data(1, 1));
    expect([refused.statusCode, messageOf(refused)]).toEqual([
      413,
      'Image storage media is full: There is not enough disk space on the image storage media.',
    ]);
    expect(await readdir(join(cloud.folder, 'blobs/uploading'))).toEqual([]);
  });
});
