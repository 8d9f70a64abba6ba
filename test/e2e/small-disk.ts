import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Whether this machine lets tests mount file systems. */
export const canMount = (): boolean => {
  try {
    execFileSync('unshare', ['--mount', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** A small file system of a test's own in the place of a folder, that can be filled to the last byte. */
export class SmallDisk {
  private readonly ballast: string;

  /** @param size as `mount` takes it: `48m` */
  constructor(
    private readonly folder: string,
    size: string,
  ) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
    this.ballast = join(folder, 'ballast');
  }

  /** Takes all that is left, again where something was freed meanwhile. */
  fill(): void {
    const file = openSync(this.ballast, 'a');
    try {
      for (const bytes of [1024 * 1024, 4096, 1]) writeAll(file, Buffer.alloc(bytes, 1));
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    if (existsSync(this.ballast)) rmSync(this.ballast);
  }

  remove(): void {
    execFileSync('umount', ['--lazy', this.folder]);
  }
}

function writeAll(file: number, block: Buffer): void {
  try {
    for (;;) if (writeSync(file, block) < block.length) return;
  } catch {
    // full
  }
}
