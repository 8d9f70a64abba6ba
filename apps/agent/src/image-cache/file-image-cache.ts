import { mkdir, readdir, rm, stat, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';

import type { ImageSpec } from '@cairn/host-protocol';
import { codeOf, notice, roomIn } from '@cairn/os';
import { KeyedMutex } from '@cairn/turns';

import type { Clock } from '../ports/clock.port';
import type { Controller } from '../ports/controller.port';
import { ImageUnusable } from '../ports/errors';
import type { CachedImage, ImageCache } from '../ports/image-cache.port';
import type { Log } from '../ports/log.port';

import { download, sha256Of } from './download';
import { Transfers } from './transfers';

export interface FileImageCacheParts {
  /** Folder of the cache; blobs are `sha256/<hex>` in it. */
  readonly folder: string;
  readonly limitBytes: number;
  readonly controller: Controller;
  readonly clock: Clock;
  readonly log: Log;
}

interface Kept {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly usedMs: number;
}

/** A file as it was seen, and whether it was whole. */
interface Known {
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly whole: boolean;
}

const SHA256 = /^[0-9a-f]{64}$/;

/** Verified image blobs on the host's disk, named by their hash. */
export class FileImageCache implements ImageCache {
  private readonly folder: string;
  private readonly transfers = new Transfers();
  /** Per blob: a use and a removal of the same blob never interleave. */
  private readonly mutex = new KeyedMutex();
  /** What this process knows of blobs' files, which holds until they are written to. */
  private readonly known = new Map<string, Known>();
  private ready: Promise<void> | undefined;
  private lastStampMs = 0;

  constructor(private readonly parts: FileImageCacheParts) {
    this.folder = join(parts.folder, 'sha256');
  }

  async ensure(image: ImageSpec, onProgress: (fraction: number) => void = () => undefined): Promise<CachedImage> {
    if (!SHA256.test(image.sha256)) throw new ImageUnusable(image.imageId, 'it has no SHA-256 on record');
    await this.prepare();
    const path = join(this.folder, image.sha256);
    const key = `${image.imageId} ${image.sha256} ${String(image.sizeBytes)}`;
    if (await this.transfers.joinRunning(key, onProgress)) return { path, cached: false };
    if (await this.mutex.run(image.sha256, () => this.use(path, image))) return { path, cached: true };
    await this.transfers.join(key, onProgress, (report) =>
      this.mutex.run(image.sha256, async () => {
        // Another image with the same bytes may have been first.
        if (!(await this.use(path, image))) await this.fetch(image, path, report);
      }),
    );
    return { path, cached: false };
  }

  async prune(inUse: ReadonlySet<string>): Promise<void> {
    await this.prepare();
    const startedMs = this.stamp();
    const kept = await this.kept();
    let total = kept.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const limit = Math.min(this.parts.limitBytes, total + (await roomIn(this.folder)));
    for (const { sha256, sizeBytes } of kept.sort((a, b) => a.usedMs - b.usedMs)) {
      if (total <= limit) return;
      if (!inUse.has(sha256) && (await this.drop(sha256, startedMs))) total -= sizeBytes;
    }
  }

  /** Downloads that a crash has cut off are of no use: nobody can tell how far their bytes reached the disk. */
  private prepare(): Promise<void> {
    this.ready ??= (async () => {
      await mkdir(this.folder, { recursive: true });
      for (const name of await readdir(this.folder)) if (!SHA256.test(name)) await rm(join(this.folder, name));
    })().catch((error: unknown) => {
      this.ready = undefined;
      throw error;
    });
    return this.ready;
  }

  /** True when the blob is here, whole; it counts as used now. */
  private async use(path: string, image: ImageSpec): Promise<boolean> {
    try {
      if (!(await this.isWhole(path, image))) return false;
      await this.markUsed(path, image);
      return true;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    }
  }

  /** A file that this process has not seen, or that was written to since, is read through. */
  private async isWhole(path: string, { imageId, sha256, sizeBytes }: ImageSpec): Promise<boolean> {
    const { size, mtimeMs } = await stat(path);
    const known = this.known.get(sha256);
    if (known?.sizeBytes === size && known.mtimeMs === mtimeMs) return known.whole && size === sizeBytes;
    const whole = size === sizeBytes && (await sha256Of(path)) === sha256;
    this.known.set(sha256, { sizeBytes: size, mtimeMs, whole });
    if (whole) return true;
    this.parts.log.error('image: damaged in the cache, fetched again', { imageId, sha256 });
    notice(`the cached image ${sha256} was damaged: it is fetched again`);
    return false;
  }

  private async markUsed(path: string, { sha256 }: ImageSpec): Promise<void> {
    const seconds = this.stamp() / 1000;
    await utimes(path, seconds, seconds);
    const { size, mtimeMs } = await stat(path);
    this.known.set(sha256, { sizeBytes: size, mtimeMs, whole: true });
  }

  private async fetch(image: ImageSpec, path: string, report: (fraction: number) => void): Promise<void> {
    const { controller, clock, log } = this.parts;
    const from = clock.now();
    const fields = { imageId: image.imageId, sizeBytes: image.sizeBytes };
    log.info('image: fetching', fields);
    let tenth = 0;
    await download(controller, image, path, (fraction) => {
      report(fraction);
      if (Math.floor(fraction * 10) > tenth) {
        tenth = Math.floor(fraction * 10);
        log.info('image: progress', { ...fields, percent: tenth * 10 });
      }
    });
    await this.markUsed(path, image);
    log.info('image: verified and kept', { ...fields, ms: clock.now() - from });
  }

  private async kept(): Promise<Kept[]> {
    const found: Kept[] = [];
    for (const sha256 of (await readdir(this.folder)).filter((name) => SHA256.test(name))) {
      const { size, mtimeMs } = await stat(join(this.folder, sha256));
      found.push({ sha256, sizeBytes: size, usedMs: mtimeMs });
    }
    return found;
  }

  /** Removes a blob unless it was used since, or a disk on this host links to it whatever the journal knows. */
  private drop(sha256: string, unlessUsedSinceMs: number): Promise<boolean> {
    return this.mutex.run(sha256, async () => {
      const path = join(this.folder, sha256);
      const { mtimeMs, nlink } = await stat(path);
      if (nlink > 1 || mtimeMs >= unlessUsedSinceMs) return false;
      await unlink(path);
      this.known.delete(sha256);
      this.parts.log.info('image: removed from the cache', { sha256 });
      return true;
    });
  }

  /** Now, but never twice the same: the order of uses is the order of the stamps. */
  private stamp(): number {
    this.lastStampMs = Math.max(this.lastStampMs + 1, this.parts.clock.now());
    return this.lastStampMs;
  }
}
