import { execFile } from 'node:child_process';
import { readdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { NetworkSpec } from '@cairn/host-protocol';

import { describeWhere } from '../../../../test/support/describe-where';

import { missingHere } from '../drivers/testing/host-lab';
import { silentLog } from '../ports/log.port';
import { imageOf, instanceOf, networkOf, nicOf, noDrive } from '../testing/specs';
import { temporaryFolder } from '../testing/temporary-folder';

import { injectFile, NotInjected } from './inject-file';
import { QemuDiskStore } from './qemu-disk-store';

const run = promisify(execFile);
const MIB = 1024 ** 2;
const FILE = '/etc/network/interfaces';
const missing = missingHere('qemu-img', 'qemu-storage-daemon', 'debugfs', 'mke2fs', 'sfdisk');

describeWhere(missing, 'a file that is written into a disk', () => {
  let folder: string;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ path: folder, remove } = await temporaryFolder());
  });
  afterEach(() => remove());
  const at = (name: string): string => join(folder, name);

  /** A file system of 32 MiB with these folders, which begins there in its disk. */
  async function fileSystem(name: string, offset: number, ...folders: readonly string[]): Promise<void> {
    await writeFile(at(name), '');
    await truncate(at(name), offset + 34 * MIB);
    if (offset > 0)
      await run('sh', ['-c', `echo '${String(offset / 512)},${String((32 * MIB) / 512)},L' | sfdisk -q ${at(name)}`]);
    await run('mke2fs', ['-q', '-t', 'ext4', '-E', `offset=${String(offset)}`, at(name), '32M']);
    for (const one of folders)
      await run('debugfs', ['-w', '-R', `mkdir ${one}`, `${at(name)}?offset=${String(offset)}`]);
  }

  /** A qcow2 disk over that image. */
  async function overlay(image: string): Promise<string> {
    await run('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', at(image), '-F', 'raw', at('disk')]);
    return at('disk');
  }

  async function inDisk(offset: number): Promise<string> {
    await run('qemu-img', ['convert', '-f', 'qcow2', '-O', 'raw', at('disk'), at('whole')]);
    const { stdout } = await run('debugfs', ['-R', `cat ${FILE}`, `${at('whole')}?offset=${String(offset)}`]);
    const checked = run('e2fsck', ['-fn', `${at('whole')}?offset=${String(offset)}`]);
    await expect(checked).resolves.toBeDefined();
    return stdout;
  }

  it.each([
    ['is a file system', 0],
    ['has partitions', 1 * MIB],
  ])('is there where the disk %s, in place of one before [guide 74]', async (_what, offset) => {
    await fileSystem('image', offset, '/etc');
    const disk = await overlay('image');
    await injectFile(disk, FILE, 'auto eth0\n');
    await injectFile(disk, FILE, 'auto eth1\n');
    expect(await inDisk(offset)).toBe('auto eth1\n');
    expect((await readdir(folder)).sort()).toEqual(['disk', 'image', 'whole']);
  });

  /** Makes the root disk of the n-th server, whose network is that, of an image. */
  async function rootOf(n: number, image: string, injects: boolean, network: NetworkSpec): Promise<string> {
    const { size } = await stat(at(image));
    const sha256 = 'ab'.repeat(32);
    const root = { path: at(image), cached: true };
    const spec = { image: imageOf({ sha256, sizeBytes: size }), rootGb: 0, nics: [nicOf(1, network)] };
    const store = new QemuDiskStore(at('instances'), { injects, log: silentLog });
    const disks = await store.ensure(instanceOf(n, spec), { root, kernel: null, ramdisk: null }, noDrive);
    await run('mv', [disks.root, at('disk')]);
    return inDisk(0);
  }

  it('tells a new server its address where no DHCP server does, if the host is to and the image allows it [guide 74]', async () => {
    await fileSystem('image', 0, '/etc');
    const network = networkOf(1, { dhcp: false });
    expect(await rootOf(1, 'image', true, network)).toContain('    address 10.251.1.2\n    netmask 255.255.255.0\n');
    expect(await rootOf(2, 'image', false, network)).toBe('');
    expect(await rootOf(3, 'image', true, networkOf(1))).toBe('');
    await fileSystem('without', 0);
    expect(await rootOf(4, 'without', true, network)).toBe('');
  });

  it('is not written where there is no place for it, and leaves nothing', async () => {
    await fileSystem('image', 0);
    await expect(injectFile(await overlay('image'), FILE, 'x')).rejects.toThrow(NotInjected);
    await writeFile(at('empty'), Buffer.alloc(MIB));
    await expect(injectFile(await overlay('empty'), FILE, 'x')).rejects.toThrow(NotInjected);
    await expect(injectFile(at('empty'), FILE, 'x')).rejects.toThrow(NotInjected); // no qcow2 at all
    expect((await readdir(folder)).sort()).toEqual(['disk', 'empty', 'image']);
  });
});
