import type { ImageSpec } from '@cairn/host-protocol';

import { ImageUnusable, JobFailure } from '../../ports/errors';
import type { CachedImage, ImageCache } from '../../ports/image-cache.port';

import type { BlobFacts, ImageSource } from './image-source';
import type { Pace } from './latencies';
import type { SimulatedHost } from './simulated-host';

/** Where a simulated host's blob would be. */
const simulatedImagePath = (sha256: string): string => `/simulated/images/sha256/${sha256}`;

export class SimulatedImageCache implements ImageCache {
  private readonly transfers = new Map<string, Promise<BlobFacts>>();

  constructor(
    private readonly host: SimulatedHost,
    private readonly source: ImageSource,
    private readonly pace: Pace,
    private readonly limitBytes = Number.POSITIVE_INFINITY,
  ) {}

  async ensure(image: ImageSpec, onProgress: (fraction: number) => void = () => undefined): Promise<CachedImage> {
    const path = simulatedImagePath(image.sha256);
    const kept = this.host.images.get(image.sha256);
    if (kept !== undefined) {
      requireSize(image, kept.facts.sizeBytes);
      this.host.keepImage(kept.facts);
      return { path, cached: true };
    }
    onProgress(0);
    this.host.keepImage(await this.transfer(image));
    onProgress(1);
    return { path, cached: false };
  }

  prune(inUse: ReadonlySet<string>): Promise<void> {
    const oldestFirst = [...this.host.images].sort(([, a], [, b]) => a.used - b.used);
    let total = oldestFirst.reduce((sum, [, { facts }]) => sum + facts.sizeBytes, 0);
    for (const [sha256, { facts }] of oldestFirst) {
      if (total <= this.limitBytes) break;
      if (inUse.has(sha256) || this.isBacking(sha256)) continue;
      this.host.dropImage(sha256);
      total -= facts.sizeBytes;
    }
    return Promise.resolve();
  }

  private isBacking(sha256: string): boolean {
    return [...this.host.disks.values()].some(({ image, kernel, ramdisk, rescue }) =>
      [image, kernel, ramdisk, rescue].includes(sha256),
    );
  }

  private async transfer(image: ImageSpec): Promise<BlobFacts> {
    const key = `${image.imageId}/${image.sha256}/${String(image.sizeBytes)}`;
    const running = this.transfers.get(key);
    if (running !== undefined) return running;
    const transfer = this.fetch(image).finally(() => this.transfers.delete(key));
    this.transfers.set(key, transfer);
    return transfer;
  }

  private async fetch(image: ImageSpec): Promise<BlobFacts> {
    await this.pace.take('image');
    const facts = await this.source.fetch(image);
    if (facts === null) throw new JobFailure('image.missing', `Image ${image.imageId} has no data.`, true);
    requireSize(image, facts.sizeBytes);
    if (facts.sha256 !== image.sha256) throw new ImageUnusable(image.imageId, 'its SHA-256 is not the one on record');
    return facts;
  }
}

function requireSize({ imageId, sizeBytes }: ImageSpec, actual: number): void {
  if (actual === sizeBytes) return;
  throw new ImageUnusable(imageId, `it has ${String(actual)} bytes, not the ${String(sizeBytes)} on record`);
}
