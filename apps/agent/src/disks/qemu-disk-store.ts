import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { injectedNic, interfacesFile } from '@cairn/domain';
import type { ImageSpec, InstanceSpec } from '@cairn/host-protocol';

import { ImageUnusable, JobFailure } from '../ports/errors';
import type { InstanceDisks, OtherDisk } from '../ports/hypervisor.port';
import type { BootFiles, DiskStore, DriveSource, InstanceImages } from '../ports/image-cache.port';
import { type Log, silentLog } from '../ports/log.port';

import { makeConfigDrive } from './config-drive';
import { atomically, exists, linkOnce, named, namesIn } from './disk-files';
import { copySet, setIn } from './disk-sets';
import { injectFile, NotInjected } from './inject-file';
import { inspectImage, type UsableImage } from './inspect-image';
import { type NamedFile, otherDisks } from './other-disks';
import { Overlays } from './overlays';
import { createBlank } from './raw-disks';
import { remember } from './remember';

const GIB = 1024 ** 3;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Images found usable are remembered: a blob never changes under its name. */
const MOST_REMEMBERED = 256;

export interface QemuDiskStoreOptions {
  /** Whether guests find the addresses that no DHCP server gives them in their root disks. */
  readonly injects: boolean;
  readonly log: Log;
}

/**
 * The disks of instances as files below `<folder>/<instance id>`: `disk` and `disk.rescue` (qcow2 overlays over cached
 * images, which are never written), `disk.eph`, `disk.eph1` … and `disk.swap` (raw, sparse), `disk.config`. Each appears
 * whole or not at all. Hard links `base`, `kernel` and `ramdisk` tell the cache which blobs are in use, whatever else is
 * lost. A disk that was made again has its own id behind its name, and so have the links of its image. A set of disks other
 * than that of the launch is in a folder of its own there, by the set's id.
 */
export class QemuDiskStore implements DiskStore {
  private readonly usable = new Map<string, Promise<UsableImage>>();
  private readonly overlays = new Overlays();

  constructor(
    private readonly folder: string,
    private readonly options: QemuDiskStoreOptions = { injects: false, log: silentLog },
  ) {}

  async ensure(spec: InstanceSpec, images: InstanceImages, drive: DriveSource): Promise<InstanceDisks> {
    const home = this.homeOf(spec.instanceId);
    const { id, copyOf } = spec.diskSet ?? { id: null };
    const folder = setIn(home, id);
    if (copyOf !== undefined && !(await exists(join(folder, named('disk', spec.rootId))))) {
      if (copyOf.hostId !== null) throw new JobFailure('disk.failed', 'The disks are on another host.', true);
      await copySet(setIn(home, copyOf.id), folder, spec);
    }
    return this.make(folder, spec, images, drive);
  }

  async discard(instanceId: string, keep: readonly (string | null)[]): Promise<void> {
    const home = this.homeOf(instanceId);
    for (const name of await namesIn(home)) {
      const unused = OWN.test(name) ? !keep.includes(null) : UUID.test(name) && !keep.includes(name);
      if (unused) await rm(join(home, name), { recursive: true, force: true });
    }
  }

  async remove(instanceId: string): Promise<void> {
    await rm(this.homeOf(instanceId), { recursive: true, force: true });
  }

  private homeOf(instanceId: string): string {
    if (!UUID.test(instanceId)) throw new Error(`not an instance id: ${instanceId}`);
    return join(this.folder, instanceId);
  }

  private async make(
    home: string,
    spec: InstanceSpec,
    images: InstanceImages,
    drive: DriveSource,
  ): Promise<InstanceDisks> {
    const { rootId, rescue: rescued } = spec;
    const own = new OwnFiles(home);
    await mkdir(home, { recursive: true });
    const ofRoot = (name: string): string => own.path(name, rootId);
    const root = await this.boot(ofRoot, spec.image, images, {
      bytesOf: (base) => rootBytes(spec, base),
      prepare: (draft) => this.inject(draft, spec),
    });
    const ofRescue = (name: string): string => own.path(`${name}.rescue`);
    const rescue =
      rescued === undefined || images.rescue === undefined
        ? null
        : await this.boot(ofRescue, rescued.image, images.rescue, {
            bytesOf: ({ virtualBytes }) => virtualBytes,
            prepare: () => Promise.resolve(),
          });
    const others: OtherDisk[] = [];
    for (const other of otherDisks(spec)) others.push(await ensureOther(own, other, drive));
    await own.dropOthers();
    const { kernel, ramdisk } = images.rescue ?? images;
    return {
      root,
      ...(rescue === null ? {} : { rescue }),
      others,
      kernel: kernel?.path ?? null,
      ramdisk: ramdisk?.path ?? null,
    };
  }

  /** A disk to boot from, over its image. */
  private async boot(
    pathOf: (name: string) => string,
    image: ImageSpec,
    files: BootFiles,
    { bytesOf, prepare }: NewDisk,
  ): Promise<string> {
    const [disk, link] = [pathOf('disk'), pathOf('base')];
    if (!(await exists(disk))) {
      const base = await this.inspect(files.root.path, image);
      const kind = { base: files.root.path, baseFormat: base.format, bytes: bytesOf(base) };
      await linkOnce(files.root.path, link);
      await atomically(disk, async (draft) => {
        await this.overlays.create(draft, kind);
        await prepare(draft);
      });
    }
    if (files.kernel !== null) await linkOnce(files.kernel.path, pathOf('kernel'));
    if (files.ramdisk !== null) await linkOnce(files.ramdisk.path, pathOf('ramdisk'));
    return disk;
  }

  /** A disk that cannot take the file is one of many images: its guest has other ways to learn its addresses. */
  private async inject(disk: string, { instanceId, nics }: InstanceSpec): Promise<void> {
    const text = this.options.injects ? interfacesFile(nics.map(injectedNic)) : null;
    if (text === null) return;
    try {
      await injectFile(disk, '/etc/network/interfaces', text);
    } catch (error) {
      if (!(error instanceof NotInjected)) throw error;
      this.options.log.warn('the addresses of a server are not in its disk', { instanceId, error });
    }
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

/** What a disk to boot from is made of, besides its image. */
interface NewDisk {
  readonly bytesOf: (base: UsableImage) => number;
  /** Done to it before it is there. */
  readonly prepare: (draft: string) => Promise<void>;
}

/** Of the names that this store gives; others in the folder are not its own. */
const OWN = /^(disk|base|kernel|ramdisk)([.-]|$)/;

/** The files of one set of disks that its spec names. */
class OwnFiles {
  private readonly named = new Set<string>();

  constructor(private readonly home: string) {}

  path(name: string, id?: string): string {
    const file = named(name, id);
    this.named.add(file);
    return join(this.home, file);
  }

  /** Takes away what was named before and is not any more: QEMU goes on with what it has open. */
  async dropOthers(): Promise<void> {
    for (const file of await readdir(this.home))
      if (OWN.test(file) && !this.named.has(file)) await rm(join(this.home, file), { recursive: true, force: true });
  }
}

/** A disk besides the root disk, made if it is not there. */
async function ensureOther(own: OwnFiles, { disk, file, number }: NamedFile, drive: DriveSource): Promise<OtherDisk> {
  const path = own.path(file);
  if (await exists(path)) return { ...disk, path };
  if (disk.role === 'config') {
    const files = await drive();
    await atomically(path, (draft) => makeConfigDrive(draft, disk.format, files));
  } else await atomically(path, (draft) => createBlank(draft, disk, number));
  return { ...disk, path };
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
