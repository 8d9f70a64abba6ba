import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { ImageSpec } from '@cairn/host-protocol';

import { diskStoreContract } from '../ports/disk-store.contract';
import { ImageUnusable } from '../ports/errors';
import type { InstanceImages } from '../ports/image-cache.port';
import { imageOf, instanceOf, noDrive } from '../testing/specs';
import { temporaryFolder } from '../testing/temporary-folder';

import { QemuDiskStore } from './qemu-disk-store';

const GIB = 1024 ** 3;
const run = promisify(execFile);
const MARK = 'written by the guest';

interface Stored {
  readonly spec: { readonly image: ImageSpec };
  readonly images: InstanceImages;
}

/** A folder with a store and images in it, made with the real tools. */
class Shelf {
  private constructor(
    readonly folder: string,
    readonly remove: () => Promise<void>,
  ) {}

  static async make(): Promise<Shelf> {
    const { path, remove } = await temporaryFolder();
    await mkdir(join(path, 'images'));
    return new Shelf(path, remove);
  }

  readonly path = (name: string): string => join(this.folder, 'images', name);
  readonly store = (): QemuDiskStore => new QemuDiskStore(join(this.folder, 'instances'));

  stored(name: string, format: string): Stored {
    const sha256 = createHash('sha256').update(name).digest('hex');
    const root = { path: this.path(name), cached: true };
    return { spec: { image: imageOf({ sha256, format }) }, images: { root, kernel: null, ramdisk: null } };
  }

  async raw(name: string, bytes: number): Promise<string> {
    const handle = await open(this.path(name), 'w');
    await handle.truncate(bytes);
    await handle.close();
    return name;
  }

  /** A qcow2 with `dataMib` of data in it. */
  async qcow2(name: string, bytes = GIB, dataMib = 2, options: readonly string[] = []): Promise<string> {
    const data = Buffer.alloc(dataMib * 1024 ** 2, 'cairn');
    await this.raw(`${name}.raw`, bytes);
    const handle = await open(this.path(`${name}.raw`), 'r+');
    await handle.write(data, 0, data.length, 0);
    await handle.close();
    await run('qemu-img', [
      'convert',
      '-f',
      'raw',
      '-O',
      'qcow2',
      ...options,
      this.path(`${name}.raw`),
      this.path(name),
    ]);
    return name;
  }
}

const info = async (path: string): Promise<Record<string, unknown>> =>
  JSON.parse((await run('qemu-img', ['info', '--output=json', path])).stdout) as Record<string, unknown>;

const isOverlay = (path: string): boolean => /\/disk(-[^/]*|\.rescue)?$/.test(path);

diskStoreContract('QemuDiskStore', async () => {
  const shelf = await Shelf.make();
  const make = async (n: number, bytes: number): Promise<Stored> =>
    shelf.stored(await shelf.raw(`raw-${String(n)}-${String(bytes)}`, bytes), 'raw');
  return {
    disks: shelf.store(),
    image: async (n, blob) => {
      if (blob === 'sound') return make(n, GIB);
      if (blob === 'not-the-format-it-claims') return shelf.stored(await shelf.qcow2(`q-${String(n)}`), 'raw');
      const name = await shelf.qcow2(`c-${String(n)}`);
      const handle = await open(shelf.path(name), 'r+');
      await handle.write(Buffer.alloc(4096, 0x5a), 0, 4096, 65_536); // the refcount table
      await handle.close();
      return shelf.stored(name, 'qcow2');
    },
    imageOf: async (format, bytes) => {
      await writeFile(shelf.path('given'), bytes);
      return shelf.stored('given', format);
    },
    largeImage: () => make(9, 2 * GIB),
    sizeOf: async (path) => {
      const found = await stat(path).catch(() => undefined);
      if (found === undefined) return null;
      return isOverlay(path) ? Number((await info(path))['virtual-size']) : found.size;
    },
    scribble: async (path) => {
      await run('qemu-io', ['-f', isOverlay(path) ? 'qcow2' : 'raw', '-c', 'write -P 0x5a 1M 64k', path]);
    },
    scribbled: async (path) => {
      const format = isOverlay(path) ? 'qcow2' : 'raw';
      const { stdout } = await run('qemu-io', ['-r', '-f', format, '-c', 'read -P 0x5a 1M 64k', path]).catch(() => ({
        stdout: 'Pattern verification failed',
      }));
      return !stdout.includes('Pattern verification failed');
    },
    close: () => shelf.remove(),
  };
});

/** A file of a drive, by tools that Debian has for each kind. */
async function readFrom(path: string, format: 'iso9660' | 'vfat', name: string): Promise<Buffer> {
  const [tool, args] =
    format === 'vfat' ? ['mtype', ['-i', path, `::${name}`]] : ['isoinfo', ['-R', '-i', path, '-x', `/${name}`]];
  const { stdout } = await run(tool, args, { encoding: 'buffer' });
  return stdout;
}

describe('QemuDiskStore', () => {
  let shelf: Shelf;
  beforeEach(async () => {
    shelf = await Shelf.make();
  });
  afterEach(() => shelf.remove());

  const ensure = ({ spec, images }: Stored, rootGb = 1) =>
    shelf.store().ensure(instanceOf(1, { ...spec, rootGb }), images, noDrive);

  it('names the backing file and its format, and links to the image so that no cache removes it', async () => {
    const stored = shelf.stored(await shelf.qcow2('q'), 'qcow2');
    const { root } = await ensure(stored, 5);
    expect(await info(root)).toMatchObject({
      format: 'qcow2',
      'virtual-size': 5 * GIB,
      'backing-filename': shelf.path('q'),
      'backing-filename-format': 'qcow2',
    });
    expect((await stat(shelf.path('q'))).nlink).toBe(2);
    await shelf.store().remove(instanceOf(1).instanceId);
    expect((await stat(shelf.path('q'))).nlink).toBe(1);
  });

  it('copies the empty overlay that qemu-img made for an instance before, for each size and image its own', async () => {
    const store = shelf.store();
    const [q, r] = [shelf.stored(await shelf.qcow2('q'), 'qcow2'), shelf.stored(await shelf.raw('r', GIB), 'raw')];
    let n = 0;
    for (const [{ spec, images }, rootGb] of [
      [q, 1],
      [q, 1],
      [q, 1],
      [q, 2],
      [r, 2],
      [r, 2],
    ] as const) {
      n += 1;
      const { root } = await store.ensure(instanceOf(n, { ...spec, rootGb }), images, noDrive);
      const [base, format] = [images.root.path, spec.image.format];
      const size = String(rootGb * GIB);
      await run('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', format, '-b', base, `${root}.own`, size]);
      expect((await readFile(root)).equals(await readFile(`${root}.own`))).toBe(true);
      // What this guest writes is in no other's disk, whichever was the first.
      await run('qemu-io', ['-f', 'qcow2', '-c', 'write -P 0x5a 1M 64k', root]);
    }
    expect((await stat(join(shelf.folder, 'instances', instanceOf(2).instanceId, 'disk'))).mode & 0o777).toBe(0o600);
  });

  it('makes a swap disk that a guest can use, and takes almost no room for it', async () => {
    const { spec, images } = shelf.stored(await shelf.raw('r', GIB), 'raw');
    const { others } = await shelf.store().ensure(instanceOf(1, { ...spec, swapMb: 64 }), images, noDrive);
    const swap = others[0]?.path ?? '';
    const bytes = await readFile(swap);
    expect(bytes.subarray(4086, 4096).toString()).toBe('SWAPSPACE2');
    expect((await stat(swap)).blocks * 512).toBeLessThan(1024 ** 2);
  });

  it('makes the file system that a listed disk is asked for with, and gives it a label', async () => {
    const { spec, images } = shelf.stored(await shelf.raw('r', GIB), 'raw');
    const view = { bus: 'virtio', type: 'disk' } as const;
    const disks = [
      { role: 'root', device: 'vda', ...view },
      { role: 'ephemeral', device: 'vdb', ...view, sizeMb: 64 },
      ...(['ext2', 'ext3', 'ext4'] as const).map((format, i) => ({
        ...({ role: 'ephemeral', device: `vd${'cde'.charAt(i)}`, ...view, sizeMb: 32 } as const),
        format,
      })),
    ] as const;
    const { others } = await shelf.store().ensure(instanceOf(1, { ...spec, disks }), images, noDrive);
    const found = await Promise.all(
      others.map(
        async ({ path }) => (await run('blkid', ['-p', '-o', 'value', path]).catch(() => ({ stdout: '' }))).stdout,
      ),
    );
    expect(found[0]).toBe('');
    ['ext2', 'ext3', 'ext4'].forEach((format, i) => {
      expect(found[i + 1]?.split('\n')).toEqual(expect.arrayContaining([format, `ephemeral${String(i + 1)}`]));
    });
  });

  it.each(['iso9660', 'vfat'] as const)(
    'makes a configuration drive as %s that guests find and read',
    async (format) => {
      const { spec, images } = shelf.stored(await shelf.raw('r', GIB), 'raw');
      const name = 'openstack/2013-04-04/meta_data.json';
      const files = new Map([
        [name, Buffer.from('{"uuid": "é"}')],
        ['openstack/content/0000', Buffer.alloc(100_000, 7)],
        ['ec2/latest/meta-data.json', Buffer.from('{}')],
      ]);
      const view = { bus: 'virtio', type: 'disk' } as const;
      const disks = [
        { role: 'root', device: 'vda', ...view },
        { role: 'config', device: 'vdb', format, ...view },
      ] as const;
      const { others } = await shelf
        .store()
        .ensure(instanceOf(1, { ...spec, disks }), images, () => Promise.resolve(files));
      const path = others[0]?.path ?? '';
      expect((await run('blkid', ['-p', '-o', 'value', '-s', 'LABEL', path])).stdout.trim()).toBe('config-2');
      expect((await run('blkid', ['-p', '-o', 'value', '-s', 'TYPE', path])).stdout.trim()).toBe(format);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(await readFrom(path, format, name)).toEqual(files.get(name));
      expect(await readFrom(path, format, 'openstack/content/0000')).toEqual(files.get('openstack/content/0000'));
    },
  );

  it('refuses an image that was cut off', async () => {
    const name = await shelf.qcow2('q', GIB, 8);
    const { size } = await stat(shelf.path(name));
    await truncate(shelf.path(name), Math.floor(size / 2));
    await expect(ensure(shelf.stored(name, 'qcow2'))).rejects.toThrow(/shorter than it should be/);
    await truncate(shelf.path(name), 50);
    await expect(ensure(shelf.stored(name, 'qcow2'))).rejects.toThrow(/header is cut off/);
    await truncate(shelf.path(name), 0);
    await expect(ensure(shelf.stored(name, 'qcow2'))).rejects.toThrow(/it is empty/);
  });

  it('takes a compressed image and one of version 2', async () => {
    const compressed = shelf.stored(await shelf.qcow2('c', GIB, 3, ['-c']), 'qcow2');
    const old = shelf.stored(await shelf.qcow2('o', GIB, 3, ['-o', 'compat=0.10']), 'qcow2');
    for (const [index, { spec, images }] of [compressed, old].entries()) {
      const { root } = await shelf.store().ensure(instanceOf(index + 1, spec), images, noDrive);
      expect((await info(root))['virtual-size']).toBe(GIB);
    }
  });

  it('refuses images that would let a guest read files of the host', async () => {
    await writeFile(join(shelf.folder, 'secret'), MARK);
    const secret = join(shelf.folder, 'secret');
    await run('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', secret, shelf.path('b'), '1M']);
    await expect(ensure(shelf.stored('b', 'qcow2'))).rejects.toThrow(/has a backing file/);
    const dataFile = `data_file=${join(shelf.folder, 'data')},data_file_raw=on`;
    await run('qemu-img', ['create', '-q', '-f', 'qcow2', '-o', dataFile, shelf.path('d'), '1M']);
    await expect(ensure(shelf.stored('d', 'qcow2'))).rejects.toThrow(/data is in another file/);
    await writeFile(shelf.path('v'), `# Disk DescriptorFile\nversion=1\nRW 1 FLAT "${secret}" 0\n`);
    await expect(ensure(shelf.stored('v', 'raw'))).rejects.toThrow(/said to be raw but its content is vmdk/);
  });

  it('refuses a format that it cannot run, by name', async () => {
    await run('qemu-img', ['create', '-q', '-f', 'vmdk', shelf.path('v'), '1M']);
    await expect(ensure(shelf.stored('v', 'vmdk'))).rejects.toThrow(/disk format vmdk is not supported/);
    await expect(ensure(shelf.stored('v', 'qcow2'))).rejects.toThrow(/said to be qcow2 but its content is vmdk/);
  });

  it('says what is wrong in the words of nova’s fault, without a path of the host', async () => {
    const refusal: unknown = await ensure(shelf.stored(await shelf.raw('r', GIB), 'qcow2')).catch(
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(ImageUnusable);
    expect(String(refusal)).toMatch(
      /Image \S+ is unacceptable: its disk format is said to be qcow2 but its content is raw/,
    );
    expect(String(refusal)).not.toContain(shelf.folder);
  });

  it('makes a disk again when a crash interrupted it', async () => {
    const stored = shelf.stored(await shelf.raw('r', GIB), 'raw');
    const home = join(shelf.folder, 'instances', instanceOf(1).instanceId);
    await mkdir(home, { recursive: true });
    await writeFile(join(home, 'disk.new'), 'half');
    expect((await info((await ensure(stored)).root))['virtual-size']).toBe(GIB);
  });

  it('refuses an instance id that is a path', async () => {
    await expect(shelf.store().remove('../images')).rejects.toThrow(/not an instance id/);
  });
});
