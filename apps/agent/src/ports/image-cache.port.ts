import type { ImageSpec, InstanceSpec } from '@cairn/host-protocol';

import type { DriveFiles } from './controller.port';
import type { InstanceDisks } from './hypervisor.port';

export interface CachedImage {
  /** Path of the verified blob on this host; read-only for everyone. */
  readonly path: string;
  /** True when nothing had to be fetched. */
  readonly cached: boolean;
}

export interface ImageCache {
  /**
   * Fetches the blob once per host (concurrent asks share one transfer), verifies size and SHA-256, and keeps it.
   * @throws ImageUnusable when the bytes are not what the log says; Retryable when the controller cannot be reached.
   */
  ensure(image: ImageSpec, onProgress?: (fraction: number) => void): Promise<CachedImage>;
  /** Removes the least recently used images until the cache is within its limit; images in use stay. */
  prune(inUse: ReadonlySet<string>): Promise<void>;
}

/** Turns cached images into the disks of an instance, and takes them away. */
export interface DiskStore {
  /**
   * Creates missing disks of the set that the spec names: root overlay grown to rootGb, the others that its list of disks
   * has, and the overlay that a rescued guest boots from. In a set that is a copy, root and ephemeral disks begin as copies
   * of those of the other set, which is not changed, and are at least as large; the swap is a new one, and so is the
   * configuration drive. Existing disks are left alone; those of the set that the spec does not name any more go.
   * @param drive asked for what is on the configuration drive, if one is made.
   * @throws ImageUnusable when the image is not of the format it claims, is corrupt, or is larger than the root disk.
   */
  ensure(spec: InstanceSpec, images: InstanceImages, drive: DriveSource): Promise<InstanceDisks>;
  /** Removes the instance's sets of disks but for these (null: the set of the launch). */
  discard(instanceId: string, keep: readonly (string | null)[]): Promise<void>;
  remove(instanceId: string): Promise<void>;
}

/** The files of a configuration drive that is made now. */
export type DriveSource = () => Promise<DriveFiles>;

/** What a guest boots from, as BootImages names it. */
export interface BootFiles {
  readonly root: CachedImage;
  readonly kernel: CachedImage | null;
  readonly ramdisk: CachedImage | null;
}

export interface InstanceImages extends BootFiles {
  /** Of a guest that is rescued. */
  readonly rescue?: BootFiles;
}
