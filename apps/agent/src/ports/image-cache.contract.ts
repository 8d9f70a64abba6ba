import type { ImageSpec } from '@cairn/host-protocol';

import { ImageUnusable, JobFailure, Retryable } from './errors';
import type { ImageCache } from './image-cache.port';

export interface ImageCacheHarness {
  readonly cache: ImageCache;
  /** Limit of the cache; the suite makes images of a third of it. */
  readonly limitBytes: number;
  /** Puts the n-th blob of this size where the cache fetches from, and says what the log says about it. */
  publish(n: number, sizeBytes: number): Promise<ImageSpec>;
  /** How often blobs were fetched so far. */
  transfers(): number;
  /** True: nothing can be fetched any more. */
  cutOff(cut: boolean): Promise<void>;
  close(): Promise<void>;
}

/** Every `ImageCache` keeps this. One harness per test. */
export function imageCacheContract(name: string, make: () => Promise<ImageCacheHarness>): void {
  describe(`${name} keeps the ImageCache contract`, () => {
    let harness: ImageCacheHarness;
    let cache: ImageCache;
    beforeEach(async () => {
      harness = await make();
      cache = harness.cache;
    });
    afterEach(() => harness.close());

    it('fetches an image once and then has it', async () => {
      const image = await harness.publish(1, 1000);
      const first = await cache.ensure(image);
      const second = await cache.ensure(image);
      expect(first.cached).toBe(false);
      expect(second).toEqual({ path: first.path, cached: true });
      expect(harness.transfers()).toBe(1);
    });

    it('shares one transfer between all who ask at the same time, and tells each its progress', async () => {
      const image = await harness.publish(1, 100_000);
      const seen: number[][] = [[], [], []];
      await Promise.all(seen.map((fractions) => cache.ensure(image, (fraction) => fractions.push(fraction))));
      expect(harness.transfers()).toBe(1);
      for (const fractions of seen) {
        expect(fractions.at(-1)).toBe(1);
        expect([...fractions].sort((a, b) => a - b)).toEqual(fractions);
      }
    });

    it('refuses bytes that are not what the log says, and keeps none of them', async () => {
      const image = await harness.publish(1, 1000);
      const lied = { ...image, sha256: image.sha256.replace(/^./, (c: string) => (c === '0' ? '1' : '0')) };
      await expect(cache.ensure(lied)).rejects.toThrow(ImageUnusable);
      await expect(cache.ensure(lied)).rejects.toThrow(ImageUnusable);
      expect((await cache.ensure(image)).cached).toBe(false);
    });

    it.each([1, -1])('refuses an image whose size differs from the log by %i', async (difference) => {
      const image = await harness.publish(1, 1000);
      await expect(cache.ensure({ ...image, sizeBytes: image.sizeBytes + difference })).rejects.toThrow(ImageUnusable);
    });

    it('fails the job when the image has no blob', async () => {
      const image = await harness.publish(1, 1000);
      const unknown = { ...image, imageId: '1a4e0000-0000-4000-8000-00000000dead', sha256: '0'.repeat(64) };
      const failure = await cache.ensure(unknown).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(JobFailure);
      expect(failure).toMatchObject({ code: 'image.missing' });
    });

    it('asks to be tried again while the controller is away', async () => {
      const [here, later] = [await harness.publish(1, 1000), await harness.publish(2, 1000)];
      await cache.ensure(here);
      await harness.cutOff(true);
      expect((await cache.ensure(here)).cached).toBe(true);
      await expect(cache.ensure(later)).rejects.toThrow(Retryable);
      await harness.cutOff(false);
      expect((await cache.ensure(later)).cached).toBe(false);
    });

    it('prunes what was used least recently, never what is in use', async () => {
      const third = Math.floor(harness.limitBytes / 3);
      const [a, b, c, d] = [
        await harness.publish(1, third),
        await harness.publish(2, third),
        await harness.publish(3, third),
        await harness.publish(4, third),
      ];
      for (const image of [a, b, c, d]) await cache.ensure(image);
      await cache.ensure(b);
      await cache.prune(new Set([a.sha256]));
      const before = harness.transfers();
      expect((await cache.ensure(a)).cached).toBe(true);
      expect((await cache.ensure(b)).cached).toBe(true);
      expect((await cache.ensure(d)).cached).toBe(true);
      expect(harness.transfers()).toBe(before);
      expect((await cache.ensure(c)).cached).toBe(false);
    });

    it('keeps all images in use, even above its limit', async () => {
      const third = Math.floor(harness.limitBytes / 3);
      const images = [];
      for (const n of [1, 2, 3, 4]) images.push(await harness.publish(n, third));
      for (const image of images) await cache.ensure(image);
      await cache.prune(new Set(images.map((image) => image.sha256)));
      for (const image of images) expect((await cache.ensure(image)).cached).toBe(true);
    });
  });
}
