import type { ImageSpec } from '@cairn/host-protocol';

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
   * Creates missing disks of the set that the spec names: root overlay grown to rootGb, raw ephemeral, swap, and the
   * overlay that a rescued guest boots from. In a set that is a copy, root and ephemeral disk begin as copies of those of
   * the other set, which is not changed, and are at least as large; the swap is a new one. Existing disks are left alone;
   * root, ephemeral and rescue disks of the set that the spec does not name any more go.
   * @throws ImageUnusable when the image is not of the format it claims, is corrupt, or is larger than the root disk.
   */
  ensure(
    spec: import('@cairn/host-protocol').InstanceSpec,
    images: InstanceImages,
  ): Promise<import('./hypervisor.port').InstanceDisks>;
  /** Removes the instance's sets of disks but for these (null: the set of the launch). */
  discard(instanceId: string, keep: readonly (string | null)[]): Promise<void>;
  remove(instanceId: string): Promise<void>;
}

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
