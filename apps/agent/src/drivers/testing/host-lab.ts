import { accessSync, constants } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

import { runCommand } from '../host-command';

/** The checkout: this file is apps/agent/src/drivers/testing/host-lab.ts. */
export const REPOSITORY = resolve(__dirname, '../../../../..');
const DIRECTORIES = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

const exists = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Why tests with these programs cannot run here, or null. */
export function missingHere(...programs: readonly string[]): string | null {
  if (process.getuid?.() !== 0) return 'not root';
  const directories = [...DIRECTORIES, ...(process.env['PATH'] ?? '').split(delimiter)];
  const missing = programs.filter((program) => !directories.some((directory) => exists(join(directory, program))));
  return missing.length === 0 ? null : `not installed: ${missing.join(', ')}`;
}

/** A temporary directory that other users (QEMU's, dnsmasq's) may enter. */
export async function openDirectory(prefix: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), prefix));
  await chmod(directory, 0o711);
  return directory;
}

export interface LibvirtLab {
  /** Where the scripts keep what they started. */
  readonly run: string;
  close(): Promise<void>;
}

/** Starts what of libvirt does not run yet, by infra/host; `close` ends just that. */
export async function libvirtLab(): Promise<LibvirtLab> {
  const run = await mkdtemp(join(tmpdir(), 'cairn-host-'));
  const script = (name: string): Promise<string> =>
    runCommand(join(REPOSITORY, 'infra/host', name), [run], { timeoutMs: 60_000 });
  await script('up.sh');
  return {
    run,
    async close() {
      await script('down.sh');
      await rm(run, { recursive: true, force: true });
    },
  };
}

/** Where the guest image recipe left its products; built once per machine, then up to date within a moment. */
export interface GuestImage {
  readonly disk: string;
  readonly rootFileSystem: string;
  readonly kernel: string;
  readonly ramdisk: string;
}

export async function guestImage(): Promise<GuestImage> {
  const directory = join(tmpdir(), 'cairn-guest-image-for-tests');
  await mkdir(directory, { recursive: true, mode: 0o755 });
  await runCommand(join(REPOSITORY, 'infra/guest-image/build.sh'), [directory], { timeoutMs: 240_000 });
  const product = (name: string): string => join(directory, `cairn-guest${name}`);
  return {
    disk: product('.qcow2'),
    rootFileSystem: product('-root.img'),
    kernel: product('-vmlinuz'),
    ramdisk: product('-initrd'),
  };
}

/** Programs that the guest image's recipe asks for. */
export const GUEST_IMAGE_PROGRAMS = [
  ...['busybox', 'dropbear', 'dropbearkey', 'cpio', 'zstd', 'mke2fs', 'depmod', 'modprobe'],
  ...['sfdisk', 'mformat', 'mcopy', 'syslinux', 'qemu-img', 'flock'],
];

/** A qcow2 overlay, as DiskStore makes them. */
export async function makeOverlay(path: string, backing: string, backingFormat: 'raw' | 'qcow2'): Promise<void> {
  await runCommand('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', backing, '-F', backingFormat, path]);
}
