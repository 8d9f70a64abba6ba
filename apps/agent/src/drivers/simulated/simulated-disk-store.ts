import type { ImageSpec, InstanceSpec } from '@cairn/host-protocol';

import { acceptedFormat } from '../../disks/acceptance';
import { ImageUnusable } from '../../ports/errors';
import type { InstanceDisks } from '../../ports/hypervisor.port';
import type { DiskStore, InstanceImages } from '../../ports/image-cache.port';

import type { BlobFacts } from './image-source';
import type { Pace } from './latencies';
import { type SimulatedHost, InvariantBroken } from './simulated-host';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

const pathOf = (instanceId: string, file: string): string => `/simulated/instances/${instanceId}/${file}`;

export class SimulatedDiskStore implements DiskStore {
  constructor(
    private readonly host: SimulatedHost,
    private readonly pace: Pace,
  ) {}

  async ensure(spec: InstanceSpec, images: InstanceImages): Promise<InstanceDisks> {
    const { instanceId, ephemeralGb, swapMb, kernel, ramdisk } = spec;
    if (!this.host.disks.has(instanceId)) {
      await this.pace.take('disk');
      this.host.putDisks(instanceId, {
        image: spec.image.sha256,
        rootBytes: this.rootBytes(spec),
        ephemeralBytes: ephemeralGb * GIB,
        swapBytes: swapMb * MIB,
        kernel: kernel?.sha256 ?? null,
        ramdisk: ramdisk?.sha256 ?? null,
      });
    }
    return {
      root: pathOf(instanceId, 'disk'),
      ephemeral: ephemeralGb > 0 ? pathOf(instanceId, 'disk.eph') : null,
      swap: swapMb > 0 ? pathOf(instanceId, 'disk.swap') : null,
      kernel: images.kernel?.path ?? null,
      ramdisk: images.ramdisk?.path ?? null,
    };
  }

  async remove(instanceId: string): Promise<void> {
    if (!this.host.disks.has(instanceId)) return;
    await this.pace.take('disk');
    this.host.dropDisks(instanceId);
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
