import { createHash, randomBytes } from 'node:crypto';
import fs, { link, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type http from 'node:http';
import { join } from 'node:path';

import { HOST_HEADER, imagePath, type ImageSpec } from '@cairn/host-protocol';

import { ControllerClient } from '../http/controller-client';
import { ImageUnusable, Retryable } from '../ports/errors';
import { imageCacheContract } from '../ports/image-cache.contract';
import { type Log, type LogFields, silentLog } from '../ports/log.port';
import { systemClock } from '../system-clock';
import { listen, type TestServer } from '../testing/http-server';
import { imageOf } from '../testing/specs';
import { temporaryFolder } from '../testing/temporary-folder';

import { FileImageCache } from './file-image-cache';

const HOST = '40570000-0000-4000-8000-000000000001';
const TOKEN = 't0ken';

/** A controller with blobs, and a cache in front of it. */
class Depot {
  readonly blobs = new Map<string, Buffer>();
  transfers = 0;
  /** Set to answer differently. */
  answer: http.RequestListener | undefined;
  private port = 0;

  private constructor(
    readonly folder: string,
    private readonly removeFolder: () => Promise<void>,
    private server: TestServer,
  ) {}

  static async open(): Promise<Depot> {
    const { path, remove } = await temporaryFolder();
    const handler: http.RequestListener = (request, response) => {
      depot.serve(request, response);
    };
    const depot: Depot = new Depot(path, remove, await listen(handler));
    depot.port = depot.server.port;
    return depot;
  }

  private serve(request: http.IncomingMessage, response: http.ServerResponse): void {
    if (this.answer !== undefined) {
      this.answer(request, response);
      return;
    }
    const allowed = request.headers.authorization === `Bearer ${TOKEN}` && request.headers[HOST_HEADER] === HOST;
    const blob = this.blobs.get(request.url ?? '');
    if (!allowed || blob === undefined) {
      response.writeHead(allowed ? 404 : 401).end();
      return;
    }
    this.transfers += 1;
    response.end(blob);
  }

  publish(n: number, sizeBytes: number): ImageSpec {
    const blob = randomBytes(sizeBytes);
    const imageId = `1a4e0000-0000-4000-8000-${String(n).padStart(12, '0')}`;
    this.blobs.set(imagePath(imageId), blob);
    return imageOf({ imageId, sizeBytes, sha256: createHash('sha256').update(blob).digest('hex') });
  }

  cache(limitBytes = 1e9, log: Log = silentLog, token = TOKEN): FileImageCache {
    const controller = new ControllerClient({
      url: `http://127.0.0.1:${String(this.port)}`,
      hostId: HOST,
      token,
      idleMs: 300,
    });
    return new FileImageCache({ folder: this.folder, limitBytes, controller, clock: systemClock, log });
  }

  async cutOff(cut: boolean): Promise<void> {
    if (cut) await this.server.close();
    else {
      this.server = await listen((request, response) => {
        this.serve(request, response);
      }, this.port);
    }
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.removeFolder();
  }
}

imageCacheContract('FileImageCache', async () => {
  const depot = await Depot.open();
  const limitBytes = 300_000;
  return {
    cache: depot.cache(limitBytes),
    limitBytes,
    publish: (n, sizeBytes) => Promise.resolve(depot.publish(n, sizeBytes)),
    transfers: () => depot.transfers,
    cutOff: (cut) => depot.cutOff(cut),
    close: () => depot.close(),
  };
});

describe('FileImageCache', () => {
  let depot: Depot;
  beforeEach(async () => {
    depot = await Depot.open();
  });
  afterEach(() => depot.close());
  const blobs = (): Promise<string[]> => readdir(join(depot.folder, 'sha256'));

  it('keeps the blob under its hash, readable for all and writable for none', async () => {
    const image = depot.publish(1, 100_000);
    const { path } = await depot.cache().ensure(image);
    expect(path).toBe(join(depot.folder, 'sha256', image.sha256));
    expect(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ).toBe(image.sha256);
    expect((await stat(path)).mode & 0o777).toBe(0o444);
  });

  it('has it in the next process, too, and nothing of transfers that were cut off', async () => {
    const image = depot.publish(1, 1000);
    await depot.cache().ensure(image);
    await writeFile(join(depot.folder, 'sha256', `${'0'.repeat(64)}.part`), 'half');
    expect((await depot.cache().ensure(image)).cached).toBe(true);
    expect(await blobs()).toEqual([image.sha256]);
  });

  it.each([
    ['breaks off', (response: http.ServerResponse) => response.write('some', () => response.destroy())],
    ['stands still', (response: http.ServerResponse) => response.write('some')],
    ['answers 503', (response: http.ServerResponse) => response.writeHead(503).end()],
  ])('asks to be tried again when the controller %s, and keeps nothing of it', async (_what, answer) => {
    const image = depot.publish(1, 1000);
    depot.answer = (_request, response) => answer(response);
    await expect(depot.cache().ensure(image)).rejects.toThrow(Retryable);
    expect(await blobs()).toEqual([]);
    depot.answer = undefined;
    expect((await depot.cache().ensure(image)).cached).toBe(false);
  });

  it('fetches a blob again whose file was damaged, at any time, and reads the file of a sound one once', async () => {
    const image = depot.publish(1, 3_000);
    const cache = depot.cache();
    const { path } = await cache.ensure(image);
    const sound = await readFile(path);
    for (const each of [cache, depot.cache()]) {
      await rm(path);
      await writeFile(path, Buffer.alloc(3_000, 7));
      expect(await each.ensure(image)).toEqual({ path, cached: false });
      expect((await readFile(path)).equals(sound)).toBe(true);
      expect(await each.ensure(image)).toEqual({ path, cached: true });
    }
    expect(depot.transfers).toBe(3);
  });

  it('reads a damaged file once, and says so once, however often it is asked for before it can be fetched', async () => {
    const image = depot.publish(1, 1_000);
    const errors: string[] = [];
    const cache = depot.cache(1e9, { ...silentLog, error: (message) => errors.push(message) });
    const { path } = await cache.ensure(image);
    await rm(path);
    await writeFile(path, Buffer.alloc(1_000, 7));
    depot.answer = (_request, response) => response.writeHead(503).end();
    for (let asked = 0; asked < 3; asked += 1) await expect(cache.ensure(image)).rejects.toThrow(Retryable);
    expect(errors).toEqual(['image: damaged in the cache, fetched again']);
    depot.answer = undefined;
    expect(await cache.ensure(image)).toEqual({ path, cached: false });
    expect(await cache.ensure(image)).toEqual({ path, cached: true });
  });

  it('fetches nothing that would take the last of the disk, and drops what nothing uses', async () => {
    const image = depot.publish(1, 1_000);
    const cache = depot.cache();
    await cache.ensure(image);
    const disk = { bsize: 4096, blocks: 1_000_000, bavail: 40_000 };
    const statfs = jest
      .spyOn(fs, 'statfs')
      .mockImplementation((() => Promise.resolve(disk)) as unknown as typeof fs.statfs);
    await expect(cache.ensure(depot.publish(2, 1_000))).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(depot.transfers).toBe(1);
    await cache.prune(new Set());
    statfs.mockRestore();
    expect(await readdir(join(depot.folder, 'sha256'))).toEqual([]);
  });

  it('asks to be tried again while its credential is refused: that is not the image’s fault', async () => {
    const image = depot.publish(1, 1000);
    await expect(depot.cache(1e9, silentLog, 'wrong').ensure(image)).rejects.toThrow(/answered 401/);
  });

  it('reads no further than the size on record', async () => {
    const image = { ...depot.publish(1, 1000), sizeBytes: 10_000 };
    depot.answer = (_request, response) => {
      const flood = (): void => {
        while (response.write(Buffer.alloc(65_536))) if (response.destroyed) return;
        response.once('drain', flood);
      };
      flood();
    };
    await expect(depot.cache().ensure(image)).rejects.toThrow(ImageUnusable);
  });

  it('refuses a hash that is a path', async () => {
    const image = { ...depot.publish(1, 10), sha256: '../../etc/passwd' };
    await expect(depot.cache().ensure(image)).rejects.toThrow(ImageUnusable);
  });

  it('never prunes a blob that a disk links to, whatever the journal says', async () => {
    const [a, b] = [depot.publish(1, 1000), depot.publish(2, 1000)];
    const cache = depot.cache(0);
    await mkdir(join(depot.folder, 'i'));
    await link((await cache.ensure(a)).path, join(depot.folder, 'i', 'base'));
    await cache.ensure(b);
    await cache.prune(new Set());
    expect(await blobs()).toEqual([a.sha256]);
  });

  it('tells the log how far a transfer is', async () => {
    const lines: (LogFields & { message: string })[] = [];
    const log: Log = { ...silentLog, info: (message, fields = {}) => lines.push({ ...fields, message }) };
    const image = depot.publish(1, 2_000_000);
    await depot.cache(1e9, log).ensure(image);
    const percents = lines.flatMap(({ percent }) => (typeof percent === 'number' ? [percent] : []));
    expect(lines[0]).toMatchObject({ message: 'image: fetching', imageId: image.imageId });
    expect(percents.at(-1)).toBe(100);
    expect(percents.length).toBeGreaterThan(3);
  });
});
