import { own } from '@cairn/domain';
import type { ImageSpec, InstanceSpec } from '@cairn/host-protocol';

import { acceptedFormat } from '../../disks/acceptance';
import { ImageUnusable } from '../../ports/errors';
import type { InstanceDisks } from '../../ports/hypervisor.port';
import { named } from '../../disks/disk-files';
import { otherDisks } from '../../disks/other-disks';
import type { DiskStore, DriveSource, InstanceImages } from '../../ports/image-cache.port';

import type { BlobFacts } from './image-source';
import type { Pace } from './latencies';
import { instanceOfSet, InvariantBroken, setKey, type SimulatedHost } from './simulated-host';
import type { SimulatedDisks } from './stored-host';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

const pathOf = (set: string, file: string): string => `/simulated/instances/${set}/${file}`;

const keyOf = ({ instanceId, diskSet }: InstanceSpec): string => setKey(instanceId, diskSet?.id);

export class SimulatedDiskStore implements DiskStore {
  constructor(
    private readonly host: SimulatedHost,
    private readonly pace: Pace,
  ) {}

  async ensure(spec: InstanceSpec, images: InstanceImages, drive: DriveSource): Promise<InstanceDisks> {
    const { instanceId, rescue, diskSet } = spec;
    const set = keyOf(spec);
    const { copyOf } = diskSet ?? {};
    const wanted = await this.wanted(spec, drive);
    if (JSON.stringify(this.host.disks.get(set)) !== JSON.stringify(wanted)) {
      await this.pace.take('disk');
      if (copyOf?.hostId === null && !this.host.disks.has(set)) this.requireSource(setKey(instanceId, copyOf.id));
      this.host.putDisks(set, wanted);
    }
    const { kernel, ramdisk } = images.rescue ?? images;
    return {
      root: pathOf(set, named('disk', spec.rootId)),
      ...(rescue === undefined ? {} : { rescue: pathOf(set, 'disk.rescue') }),
      others: otherDisks(spec).map(({ disk, file }) => ({ ...disk, path: pathOf(set, file) })),
      kernel: kernel?.path ?? null,
      ramdisk: ramdisk?.path ?? null,
    };
  }

  /** What is there of a root disk stays: a launch's image may be gone when its guest is started again. */
  private async wanted(spec: InstanceSpec, drive: DriveSource): Promise<SimulatedDisks> {
    const { kernel, ramdisk, rootId, rescue } = spec;
    const there = this.host.disks.get(keyOf(spec));
    const isThere = there !== undefined && there.rootId === rootId;
    if (rescue !== undefined) this.usable(rescue.image);
    const rootBytes = isThere ? there.rootBytes : this.rootBytes(spec);
    const others: [string, number][] = [];
    for (const { disk, file } of otherDisks(spec))
      others.push([
        file,
        disk.role === 'config' ? await driveBytes(own(there?.others ?? {}, file), drive) : disk.sizeMb * MIB,
      ]);
    return {
      image: spec.image.sha256,
      rootBytes,
      others: Object.fromEntries(others),
      kernel: kernel?.sha256 ?? null,
      ramdisk: ramdisk?.sha256 ?? null,
      ...(rootId === undefined ? {} : { rootId }),
      ...(rescue === undefined ? {} : { rescue: rescue.image.sha256 }),
    };
  }

  discard(instanceId: string, keep: readonly (string | null)[]): Promise<void> {
    const kept = new Set(keep.map((id) => setKey(instanceId, id)));
    return this.drop(this.setsOf(instanceId).filter((set) => !kept.has(set)));
  }

  remove(instanceId: string): Promise<void> {
    return this.drop(this.setsOf(instanceId));
  }

  private async drop(sets: readonly string[]): Promise<void> {
    if (sets.length === 0) return;
    await this.pace.take('disk');
    for (const set of sets) this.host.dropDisks(set);
  }

  private setsOf(instanceId: string): readonly string[] {
    return [...this.host.disks.keys()].filter((set) => instanceOfSet(set) === instanceId);
  }

  private requireSource(set: string): void {
    if (!this.host.disks.has(set)) throw new InvariantBroken(`disks are to be copied that are not there: ${set}`);
  }

  private rootBytes({ image, rootGb }: InstanceSpec): number {
    const { virtualBytes } = this.usable(image);
    if (rootGb === 0) return virtualBytes;
    if (virtualBytes <= rootGb * GIB) return rootGb * GIB;
    const sizes = `${String(virtualBytes)} bytes do not fit into the flavor's root disk of ${String(rootGb)} GiB`;
    throw new ImageUnusable(image.imageId, sizes);
  }

  private usable(image: ImageSpec): BlobFacts {
    const facts = this.host.images.get(image.sha256)?.facts;
    if (facts === undefined) throw new InvariantBroken(`disk of an image that is not cached: ${image.sha256}`);
    acceptedFormat(image, facts);
    return facts;
  }
}

/** The size of a drive that is there, or of what is on one that is made. */
async function driveBytes(there: number | undefined, drive: DriveSource): Promise<number> {
  if (there !== undefined) return there;
  return [...(await drive()).values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
}
