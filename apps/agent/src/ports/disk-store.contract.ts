import type { DiskSpec, InstanceSpec } from '@cairn/host-protocol';

import { instanceOf, noDrive } from '../testing/specs';

import { BLOBS } from '../testing/blobs';
import { diskSetsContract } from './disk-sets.contract';
import { ImageUnusable } from './errors';
import type { InstanceDisks } from './hypervisor.port';
import type { DiskStore, DriveSource, InstanceImages } from './image-cache.port';

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
const MIB = 1024 ** 2;

const ROOT: DiskSpec = { role: 'root', device: 'vda', bus: 'virtio', type: 'disk', bootIndex: 0 };
const LISTED: readonly DiskSpec[] = [
  ROOT,
  { role: 'ephemeral', device: 'vdb', bus: 'virtio', type: 'disk', sizeMb: 64 },
  { role: 'ephemeral', device: 'sda', bus: 'scsi', type: 'disk', sizeMb: 32, format: 'ext4' },
  { role: 'swap', device: 'vdc', bus: 'virtio', type: 'disk', sizeMb: 16 },
];

const FILES = new Map([
  ['openstack/latest/user_data', Buffer.from('#!/bin/sh')],
  ['ec2/latest/meta-data.json', Buffer.from('{}')],
]);

const pathOf = ({ others }: InstanceDisks, wanted: DiskSpec['role']): string =>
  others.find(({ role }) => role === wanted)?.path ?? '';
const ephemeral = (made: InstanceDisks): string => pathOf(made, 'ephemeral');

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
  diskSetsContract(name, make);
  describe(`${name} keeps the DiskStore contract`, () => {
    let harness: DiskStoreHarness;
    let disks: DiskStore;
    const ensure = (spec: InstanceSpec, images: InstanceImages, drive: DriveSource = noDrive): Promise<InstanceDisks> =>
      disks.ensure(spec, images, drive);
    beforeEach(async () => {
      harness = await make();
      disks = harness.disks;
    });
    afterEach(() => harness.close());

    it('makes a disk fresh that has another name, and leaves the others alone', async () => {
      const { spec, images } = await harness.image(1, 'sound');
      const instance = instanceOf(1, { ...spec, rootGb: 3, ephemeralGb: 1 });
      const first = await ensure(instance, images);
      for (const path of [first.root, ephemeral(first)]) await harness.scribble(path);
      const other = await harness.image(2, 'sound');
      const rootId = 'a0000000-0000-4000-8000-000000000001';
      const rebuilt = { ...instance, ...other.spec, rootId };
      const second = await ensure(rebuilt, other.images);
      expect(await harness.sizeOf(second.root)).toBe(3 * GIB);
      expect(await harness.scribbled(second.root)).toBe(false);
      expect(await harness.sizeOf(first.root)).toBeNull();
      expect([ephemeral(second), await harness.scribbled(ephemeral(second))]).toEqual([ephemeral(first), true]);
      await harness.scribble(second.root);
      expect(await ensure(rebuilt, other.images)).toEqual(second);
      expect(await harness.scribbled(second.root)).toBe(true);
      const third = await ensure({ ...rebuilt, ephemeralId: rootId }, other.images);
      expect(await harness.scribbled(ephemeral(third))).toBe(false);
      await disks.remove(instance.instanceId);
      expect(await harness.sizeOf(second.root)).toBeNull();
    });

    it('makes a rescued guest a disk to boot from, and takes it away afterwards', async () => {
      const { spec, images } = await harness.image(1, 'sound');
      const instance = instanceOf(1, { ...spec, rootGb: 1 });
      const before = await ensure(instance, images);
      await harness.scribble(before.root);
      const other = await harness.image(2, 'sound');
      const rescued = { ...instance, rescue: { ...other.spec, kernel: null, ramdisk: null } };
      const during = await ensure(rescued, { ...images, rescue: other.images });
      expect(await harness.sizeOf(during.rescue ?? '')).toBe(GIB);
      expect(await harness.scribbled(during.rescue ?? '')).toBe(false);
      expect(during.root).toBe(before.root);
      expect(await ensure(rescued, { ...images, rescue: other.images })).toEqual(during);
      expect(await ensure(instance, images)).toEqual(before);
      expect(await harness.sizeOf(during.rescue ?? '')).toBeNull();
      expect(await harness.scribbled(before.root)).toBe(true);
    });

    it('makes the disks of the flavor, and answers the same when asked again', async () => {
      const { spec, images } = await harness.image(1, 'sound');
      const instance = instanceOf(1, { ...spec, rootGb: 3, ephemeralGb: 1, swapMb: 16 });
      const made = await ensure(instance, images);
      expect(await harness.sizeOf(made.root)).toBe(3 * GIB);
      expect(made.others).toMatchObject([
        { role: 'ephemeral', device: 'vdb', bus: 'virtio', type: 'disk' },
        { role: 'swap', device: 'vdc', bus: 'virtio', type: 'disk' },
      ]);
      expect(await harness.sizeOf(ephemeral(made))).toBe(GIB);
      expect(await harness.sizeOf(pathOf(made, 'swap'))).toBe(16 * MIB);
      expect([made.kernel, made.ramdisk]).toEqual([null, null]);
      expect(await ensure(instance, images)).toEqual(made);
    });

    it('makes no ephemeral disk and no swap where the flavor has none', async () => {
      const { spec, images } = await harness.image(1, 'sound');
      const made = await ensure(instanceOf(1, { ...spec, ephemeralGb: 0, swapMb: 0 }), images);
      expect(made.others).toEqual([]);
    });

    it('makes the disks that a spec lists, in its order, and takes away those that it does not list any more', async () => {
      const { spec, images } = await harness.image(1, 'sound');
      const listed = instanceOf(1, { ...spec, ephemeralGb: 9, swapMb: 9, disks: LISTED });
      const made = await ensure(listed, images);
      expect(made.others.map(({ path: _path, ...disk }) => disk)).toEqual(LISTED.slice(1));
      expect(await Promise.all(made.others.map(({ path }) => harness.sizeOf(path)))).toEqual([
        64 * MIB,
        32 * MIB,
        16 * MIB,
      ]);
      const [, second] = made.others;
      for (const { path } of made.others) await harness.scribble(path);
      expect(await ensure(listed, images)).toEqual(made);
      expect(await harness.scribbled(second?.path ?? '')).toBe(true);
      await ensure({ ...listed, disks: LISTED.slice(0, 2) }, images);
      expect(await Promise.all(made.others.map(({ path }) => harness.sizeOf(path)))).toEqual([64 * MIB, null, null]);
    });

    it('makes a configuration drive of what it is told once, and another one only where it has another name', async () => {
      const { spec, images } = await harness.image(1, 'sound');
      const asked: string[] = [];
      const drive = (what: string) => (): ReturnType<DriveSource> => {
        asked.push(what);
        return Promise.resolve(FILES);
      };
      const config = { role: 'config', format: 'iso9660', device: 'hda', bus: 'ide', type: 'cdrom' } as const;
      const instance = instanceOf(1, { ...spec, disks: [ROOT, config] });
      const first = await ensure(instance, images, drive('first'));
      expect(await ensure(instance, images, drive('second'))).toEqual(first);
      const again = { ...instance, disks: [ROOT, { ...config, id: 'a0000000-0000-4000-8000-000000000001' }] };
      const other = await ensure(again, images, drive('third'));
      expect(asked).toEqual(['first', 'third']);
      expect(pathOf(other, 'config')).not.toBe(pathOf(first, 'config'));
      expect(await harness.sizeOf(pathOf(first, 'config'))).toBeNull();
      expect(await harness.sizeOf(pathOf(other, 'config'))).toBeGreaterThan(0);
    });

    it('makes all listed disks of another set, which is gone without a trace later', async () => {
      const { spec, images } = await harness.image(1, 'sound');
      const config = { role: 'config', format: 'vfat', device: 'vdd', bus: 'virtio', type: 'disk' } as const;
      const drive = (): ReturnType<DriveSource> => Promise.resolve(FILES);
      const instance = instanceOf(1, { ...spec, disks: [...LISTED, config] });
      const before = await ensure(instance, images, drive);
      const sizes = (made: InstanceDisks): Promise<(number | null)[]> =>
        Promise.all(made.others.map(({ path }) => harness.sizeOf(path)));
      const expected = await sizes(before);
      expect(expected.slice(0, 3)).toEqual([64 * MIB, 32 * MIB, 16 * MIB]);
      const id = 'a0000000-0000-4000-8000-000000000002';
      const moved = await ensure({ ...instance, diskSet: { id, copyOf: { hostId: null, id: null } } }, images, drive);
      expect(await sizes(moved)).toEqual(expected);
      await disks.discard(instance.instanceId, [id]);
      expect([await sizes(before), await sizes(moved)]).toEqual([[null, null, null, null], expected]);
    });

    it('makes the root disk as large as the image when the flavor says 0', async () => {
      const { spec, images } = await harness.largeImage();
      const made = await ensure(instanceOf(1, { ...spec, rootGb: 0 }), images);
      expect(await harness.sizeOf(made.root)).toBe(2 * GIB);
    });

    it('leaves what a guest has written alone', async () => {
      const { spec, images } = await harness.image(1, 'sound');
      const instance = instanceOf(1, spec);
      const made = await ensure(instance, images);
      await harness.scribble(made.root);
      await ensure(instance, images);
      expect(await harness.scribbled(made.root)).toBe(true);
    });

    it('never lets two guests share a disk, and never writes into the image', async () => {
      const { spec, images } = await harness.image(1, 'sound');
      const one = await ensure(instanceOf(1, spec), images);
      await harness.scribble(one.root);
      const two = await ensure(instanceOf(2, spec), images);
      expect(two.root).not.toBe(one.root);
      expect(await harness.scribbled(two.root)).toBe(false);
      expect(await harness.scribbled(images.root.path)).toBe(false);
    });

    it('uses the kernel and the ramdisk that the image names', async () => {
      const { spec, images } = await harness.image(1, 'sound');
      const [kernel, ramdisk] = [await harness.image(2, 'sound'), await harness.image(3, 'sound')];
      const made = await ensure(
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
        const refusal = await ensure(instanceOf(1, spec), images).catch((error: unknown) => error);
        expect(refusal).toBeInstanceOf(ImageUnusable);
        expect(refusal).toMatchObject({ code: 'image.unusable', permanent: true });
        const sound = await harness.image(2, 'sound');
        expect(await harness.sizeOf((await ensure(instanceOf(1, sound.spec), sound.images)).root)).toBe(GIB);
      },
    );

    it.each(ACCEPTANCE)('takes an image said to be %s that holds %s: %s', async (format, blob, refusal) => {
      const { spec, images } = await harness.imageOf(format, BLOBS[blob]);
      const made = await ensure(instanceOf(1, spec), images).catch((error: unknown) => error);
      if (refusal === null) expect(made).toHaveProperty('root');
      else {
        expect(made).toBeInstanceOf(ImageUnusable);
        expect((made as ImageUnusable).message).toMatch(refusal);
      }
    });

    it('refuses an image that is larger than the root disk', async () => {
      const { spec, images } = await harness.largeImage();
      await expect(ensure(instanceOf(1, { ...spec, rootGb: 1 }), images)).rejects.toThrow(ImageUnusable);
    });

    it('removes the disks of one guest only, and removing them again changes nothing', async () => {
      const { spec, images } = await harness.image(1, 'sound');
      const one = await ensure(instanceOf(1, spec), images);
      const two = await ensure(instanceOf(2, spec), images);
      await disks.remove(instanceOf(1).instanceId);
      await expect(disks.remove(instanceOf(1).instanceId)).resolves.toBeUndefined();
      expect(await harness.sizeOf(one.root)).toBeNull();
      expect(await harness.sizeOf(two.root)).toBe(GIB);
      expect(await harness.sizeOf(images.root.path)).not.toBeNull();
    });
  });
}
