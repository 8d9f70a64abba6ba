import type { InstanceSpec } from '@cairn/host-protocol';

import { instanceOf } from '../testing/specs';

import { BLOBS } from '../testing/blobs';
import { ImageUnusable } from './errors';
import type { DiskStore, InstanceImages } from './image-cache.port';

/** The fault of a blob, or nothing. */
export type Blob = 'sound' | 'not-the-format-it-claims' | 'corrupt';

export interface DiskStoreHarness {
  readonly disks: DiskStore;
  /** A cached image of at most 1 GiB virtual size; a sound one is raw, and says so. `n` tells blobs apart. */
  image(
    n: number,
    blob: Blob,
  ): Promise<{ readonly spec: Pick<InstanceSpec, 'image'>; readonly images: InstanceImages }>;
  /** An image of these bytes, that is said to be of that format. */
  imageOf(
    format: string,
    bytes: Buffer,
  ): Promise<{ readonly spec: Pick<InstanceSpec, 'image'>; readonly images: InstanceImages }>;
  /** A sound image of 2 GiB virtual size. */
  largeImage(): Promise<{ readonly spec: Pick<InstanceSpec, 'image'>; readonly images: InstanceImages }>;
  /** Virtual size of a disk, in bytes, or null when there is none. */
  sizeOf(path: string): Promise<number | null>;
  /** Writes into a disk as its guest would; the harness tells later whether it is still there. */
  scribble(path: string): Promise<void>;
  scribbled(path: string): Promise<boolean>;
  close(): Promise<void>;
}

const GIB = 1024 ** 3;

/** What is said of a blob, what it holds, and why no disk is made of it; null when one is. */
const ACCEPTANCE: readonly (readonly [format: string, blob: keyof typeof BLOBS, refusal: RegExp | null])[] = [
  ['raw', 'sectors', null],
  ['iso', 'sectors', null],
  ['ami', 'sectors', null],
  ['qcow2', 'qcow2', null],
  ['qcow2', 'qcow2 of version 2', null],
  ['qcow2', 'qcow2 without its last cluster', /shorter than it should be/],
  ['qcow2', 'qcow2 without its tables', /shorter than it should be|corrupt/],
  ['qcow2', 'half a qcow2 header', /header is cut off/],
  ['qcow2', 'qcow2 with a backing file', /has a backing file/],
  ['qcow2', 'qcow2 with a data file', /data is in another file/],
  ['qcow2', 'qcow2 that is encrypted', /is encrypted/],
  ['qcow2', 'qcow2 marked as corrupt', /marked as corrupt/],
  ['qcow2', 'qcow2 of version 9', /version 9 is not known/],
  ['qcow2', 'qcow2 of no size', /virtual size is 0/],
  ['qcow2', 'sectors', /content is raw/],
  ['qcow2', 'vmdk', /content is vmdk/],
  ['qcow2', 'nothing', /is empty/],
  ['raw', 'nothing', /is empty/],
  ['raw', 'qcow2', /content is qcow2/],
  ['raw', 'vmdk', /content is vmdk/],
  ['raw', 'vhd', /content is vhd/],
  ['raw', 'vhdx', /content is vhdx/],
  ['raw', 'vdi', /content is vdi/],
  ['vmdk', 'vmdk', /vmdk is not supported/],
  ['vhd', 'vhd', /vhd is not supported/],
  ['vhdx', 'vhdx', /vhdx is not supported/],
  ['vdi', 'vdi', /vdi is not supported/],
  ['ploop', 'sectors', /ploop is not supported/],
  ['aki', 'sectors', /aki is not supported/],
  ['ari', 'sectors', /ari is not supported/],
];

/** Every `DiskStore` keeps this. One harness per test. */
export function diskStoreContract(name: string, make: () => Promise<DiskStoreHarness>): void {
  describe(`${name} keeps the DiskStore contract`, () => {
    let harness: DiskStoreHarness;
    let disks: DiskStore;
    beforeEach(async () => {
      harness = await make();
      disks = harness.disks;
    });
    afterEach(() => harness.close());

    it('makes a disk fresh that has another name, and leaves the others alone', async () => {
      const { spec, images } = await harness.image(1, 'sound');
      const instance = instanceOf(1, { ...spec, rootGb: 3, ephemeralGb: 1 });
      const first = await disks.ensure(instance, images);
      for (const path of [first.root, first.ephemeral ?? '']) await harness.scribble(path);
      const other = await harness.image(2, 'sound');
      const rootId = 'a0000000-0000-4000-8000-000000000001';
      const rebuilt = { ...instance, ...other.spec, rootId };
      const second = await disks.ensure(rebuilt, other.images);
      expect(await harness.sizeOf(second.root)).toBe(3 * GIB);
      expect(await harness.scribbled(second.root)).toBe(false);
      expect(await harness.sizeOf(first.root)).toBeNull();
      expect([second.ephemeral, await harness.scribbled(second.ephemeral ?? '')]).toEqual([first.ephemeral, true]);
      await harness.scribble(second.root);
      expect(await disks.ensure(rebuilt, other.images)).toEqual(second);
      expect(await harness.scribbled(second.root)).toBe(true);
      const third = await disks.ensure({ ...rebuilt, ephemeralId: rootId }, other.images);
      expect(await harness.scribbled(third.ephemeral ?? '')).toBe(false);
      await disks.remove(instance.instanceId);
      expect(await harness.sizeOf(second.root)).toBeNull();
    });

    it('makes a rescued guest a disk to boot from, and takes it away afterwards', async () => {
      const { spec, images } = await harness.image(1, 'sound');
      const instance = instanceOf(1, { ...spec, rootGb: 1 });
      const before = await disks.ensure(instance, images);
      await harness.scribble(before.root);
      const other = await harness.image(2, 'sound');
      const rescued = { ...instance, rescue: { ...other.spec, kernel: null, ramdisk: null } };
      const during = await disks.ensure(rescued, { ...images, rescue: other.images });
      expect(await harness.sizeOf(during.rescue ?? '')).toBe(GIB);
      expect(await harness.scribbled(during.rescue ?? '')).toBe(false);
      expect(during.root).toBe(before.root);
      expect(await disks.ensure(rescued, { ...images, rescue: other.images })).toEqual(during);
      expect(await disks.ensure(instance, images)).toEqual(before);
      expect(await harness.sizeOf(during.rescue ?? '')).toBeNull();
      expect(await harness.scribbled(before.root)).toBe(true);
    });

    it('makes the disks of the flavor, and answers the same when asked again', async () => {
      const { spec, images } = await harness.image(1, 'sound');
      const instance = instanceOf(1, { ...spec, rootGb: 3, ephemeralGb: 1, swapMb: 16 });
      const made = await disks.ensure(instance, images);
      expect(await harness.sizeOf(made.root)).toBe(3 * GIB);
      expect(await harness.sizeOf(made.ephemeral ?? '')).toBe(GIB);
      expect(await harness.sizeOf(made.swap ?? '')).toBe(16 * 1024 ** 2);
      expect([made.kernel, made.ramdisk]).toEqual([null, null]);
      expect(await disks.ensure(instance, images)).toEqual(made);
    });

    it('makes no ephemeral disk and no swap where the flavor has none', async () => {
      const { spec, images } = await harness.image(1, 'sound');
      const made = await disks.ensure(instanceOf(1, { ...spec, ephemeralGb: 0, swapMb: 0 }), images);
      expect([made.ephemeral, made.swap]).toEqual([null, null]);
    });

    it('makes the root disk as large as the image when the flavor says 0', async () => {
      const { spec, images } = await harness.largeImage();
      const made = await disks.ensure(instanceOf(1, { ...spec, rootGb: 0 }), images);
      expect(await harness.sizeOf(made.root)).toBe(2 * GIB);
    });

    it('leaves what a guest has written alone', async () => {
      const { spec, images } = await harness.image(1, 'sound');
      const instance = instanceOf(1, spec);
      const made = await disks.ensure(instance, images);
      await harness.scribble(made.root);
      await disks.ensure(instance, images);
      expect(await harness.scribbled(made.root)).toBe(true);
    });

    it('never lets two guests share a disk, and never writes into the image', async () => {
      const { spec, images } = await harness.image(1, 'sound');
      const one = await disks.ensure(instanceOf(1, spec), images);
      await harness.scribble(one.root);
      const two = await disks.ensure(instanceOf(2, spec), images);
      expect(two.root).not.toBe(one.root);
      expect(await harness.scribbled(two.root)).toBe(false);
      expect(await harness.scribbled(images.root.path)).toBe(false);
    });

    it('uses the kernel and the ramdisk that the image names', async () => {
      const { spec, images } = await harness.image(1, 'sound');
      const [kernel, ramdisk] = [await harness.image(2, 'sound'), await harness.image(3, 'sound')];
      const made = await disks.ensure(
        instanceOf(1, {
          image: { ...spec.image, format: 'ami' },
          kernel: { ...kernel.spec.image, format: 'aki' },
          ramdisk: { ...ramdisk.spec.image, format: 'ari' },
        }),
        { root: images.root, kernel: kernel.images.root, ramdisk: ramdisk.images.root },
      );
      expect(made.kernel).not.toBeNull();
      expect(made.ramdisk).not.toBeNull();
      expect(made.kernel).not.toBe(made.ramdisk);
    });

    it.each(['not-the-format-it-claims', 'corrupt'] as const)(
      'refuses an image that is %s, and leaves nothing',
      async (blob) => {
        const { spec, images } = await harness.image(1, blob);
        const refusal = await disks.ensure(instanceOf(1, spec), images).catch((error: unknown) => error);
        expect(refusal).toBeInstanceOf(ImageUnusable);
        expect(refusal).toMatchObject({ code: 'image.unusable', permanent: true });
        const sound = await harness.image(2, 'sound');
        expect(await harness.sizeOf((await disks.ensure(instanceOf(1, sound.spec), sound.images)).root)).toBe(GIB);
      },
    );

    it.each(ACCEPTANCE)('takes an image said to be %s that holds %s: %s', async (format, blob, refusal) => {
      const { spec, images } = await harness.imageOf(format, BLOBS[blob]);
      const made = await disks.ensure(instanceOf(1, spec), images).catch((error: unknown) => error);
      if (refusal === null) expect(made).toHaveProperty('root');
      else {
        expect(made).toBeInstanceOf(ImageUnusable);
        expect((made as ImageUnusable).message).toMatch(refusal);
      }
    });

    it('refuses an image that is larger than the root disk', async () => {
      const { spec, images } = await harness.largeImage();
      await expect(disks.ensure(instanceOf(1, { ...spec, rootGb: 1 }), images)).rejects.toThrow(ImageUnusable);
    });

    it('removes the disks of one guest only, and removing them again changes nothing', async () => {
      const { spec, images } = await harness.image(1, 'sound');
      const one = await disks.ensure(instanceOf(1, spec), images);
      const two = await disks.ensure(instanceOf(2, spec), images);
      await disks.remove(instanceOf(1).instanceId);
      await expect(disks.remove(instanceOf(1).instanceId)).resolves.toBeUndefined();
      expect(await harness.sizeOf(one.root)).toBeNull();
      expect(await harness.sizeOf(two.root)).toBe(GIB);
      expect(await harness.sizeOf(images.root.path)).not.toBeNull();
    });
  });
}
