import { chmod, link, mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { ImageSpec, InstanceSpec } from '@cairn/host-protocol';
import { codeOf, makeWhole } from '@cairn/os';

import { ImageUnusable } from '../ports/errors';
import type { InstanceDisks } from '../ports/hypervisor.port';
import type { CachedImage, DiskStore, InstanceImages } from '../ports/image-cache.port';

import { runDiskTool } from './disk-tool';
import { inspectImage, type UsableImage } from './inspect-image';
import { Overlays } from './overlays';
import { remember } from './remember';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Images found usable are remembered: a blob never changes under its name. */
const MOST_REMEMBERED = 256;

/**
 * The disks of instances as files below `<folder>/<instance id>`: `disk` (a qcow2 overlay over the cached image, which
 * is never written), `disk.eph` and `disk.swap` (raw, sparse). Each appears whole or not at all. Hard links `base`,
 * `kernel` and `ramdisk` tell the cache which blobs are in use, whatever else is lost.
 */
export class QemuDiskStore implements DiskStore {
  private readonly usable = new Map<string, Promise<UsableImage>>();
  private readonly overlays = new Overlays();

  constructor(private readonly folder: string) {}

  async ensure(spec: InstanceSpec, images: InstanceImages): Promise<InstanceDisks> {
    return this.make(this.homeOf(spec.instanceId), spec, images);
  }

  async remove(instanceId: string): Promise<void> {
    await rm(this.homeOf(instanceId), { recursive: true, force: true });
  }

  private homeOf(instanceId: string): string {
    if (!UUID.test(instanceId)) throw new Error(`not an instance id: ${instanceId}`);
    return join(this.folder, instanceId);
  }

  private async make(home: string, spec: InstanceSpec, images: InstanceImages): Promise<InstanceDisks> {
    const { image, ephemeralGb, swapMb } = spec;
    const root = join(home, 'disk');
    if (!(await exists(root))) {
      const base = await this.inspect(images.root.path, image);
      const bytes = rootBytes(spec, base);
      await mkdir(home, { recursive: true });
      await hold(images.root, join(home, 'base'));
      const kind = { base: images.root.path, baseFormat: base.format, bytes };
      await atomically(root, (path) => this.overlays.create(path, kind));
    }
    const ephemeral = ephemeralGb > 0 ? join(home, 'disk.eph') : null;
    if (ephemeral !== null && !(await exists(ephemeral))) {
      await atomically(ephemeral, (path) => createSparse(path, ephemeralGb * GIB));
    }
    const swap = swapMb > 0 ? join(home, 'disk.swap') : null;
    if (swap !== null && !(await exists(swap))) await atomically(swap, (path) => createSwap(path, swapMb * MIB));
    if (images.kernel !== null) await hold(images.kernel, join(home, 'kernel'));
    if (images.ramdisk !== null) await hold(images.ramdisk, join(home, 'ramdisk'));
    const [kernel, ramdisk] = [images.kernel?.path ?? null, images.ramdisk?.path ?? null];
    return { root, ephemeral, swap, kernel, ramdisk };
  }

  private async inspect(path: string, image: ImageSpec): Promise<UsableImage> {
    const key = `${path} ${image.format}`;
    const known = this.usable.get(key);
    if (known !== undefined) return known;
    const found = inspectImage(path, image);
    remember(this.usable, key, found, MOST_REMEMBERED);
    // Several launches at once share one look; what was found wrong is looked at again, it may be the host's fault.
    found.catch(() => this.usable.delete(key));
    return found;
  }
}

function rootBytes({ image, rootGb }: InstanceSpec, { virtualBytes }: UsableImage): number {
  if (rootGb === 0) return virtualBytes;
  if (virtualBytes <= rootGb * GIB) return rootGb * GIB;
  const size = (virtualBytes / GIB).toFixed(1);
  throw new ImageUnusable(
    image.imageId,
    `its virtual size of ${size} GiB is larger than the flavor's root disk of ${String(rootGb)} GiB`,
  );
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

async function hold(image: CachedImage, path: string): Promise<void> {
  try {
    await link(image.path, path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/** A disk with its own name is whole and durable. */
const atomically = (path: string, make: (draft: string) => Promise<void>): Promise<void> =>
  makeWhole(path, async (draft) => {
    await rm(draft, { force: true }); // of a crash
    await make(draft);
    await chmod(draft, 0o600);
  });

async function createSparse(path: string, bytes: number): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.truncate(bytes);
  } finally {
    await handle.close();
  }
}

async function createSwap(path: string, bytes: number): Promise<void> {
  await createSparse(path, bytes);
  await runDiskTool('mkswap', [path]);
}
