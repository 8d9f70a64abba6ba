import { closeSync, ftruncateSync, openSync, statSync } from 'node:fs';
import { open, statfs, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** The reserve's file beside what it is for. */
export const RESERVE_FILE = 'reserve';

const MIB = 1024 * 1024;

export interface SpaceReserveOptions {
  /** What it holds at most. */
  readonly mostBytes?: number;
  /** What is given up at once: enough for one write. */
  readonly stepBytes?: number;
  readonly now?: () => number;
}

/** Of the free space, the reserve takes at most this share. */
const SHARE = 8;
/** Between two attempts to fill it. */
const PAUSE_MS = 10_000;

/**
 * A file of zeros that holds space for a log on a disk that others fill too. When a write finds no space, the file is cut
 * by a step and the write runs again; it is filled again when there is space.
 */
export class SpaceReserve {
  private readonly path: string;
  private filling: Promise<void> | undefined;
  private triedMs = -Infinity;

  private readonly most: number;
  private readonly step: number;
  private readonly now: () => number;

  constructor(
    private readonly directory: string,
    { mostBytes = 8 * MIB, stepBytes = MIB, now = Date.now }: SpaceReserveOptions = {},
  ) {
    this.path = join(directory, RESERVE_FILE);
    [this.most, this.step, this.now] = [mostBytes, stepBytes, now];
  }

  /** Bytes that are held. */
  get bytes(): number {
    return statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Gives up a step. @returns false when nothing is left to be given */
  spend(): boolean {
    try {
      const { bytes } = this;
      if (bytes === 0) return false;
      const descriptor = openSync(this.path, 'r+');
      try {
        ftruncateSync(descriptor, Math.max(0, bytes - this.step));
      } finally {
        closeSync(descriptor);
      }
      this.triedMs = this.now();
      return true;
    } catch {
      return false; // no descriptor, or a disk that fails: the commit's own error says more
    }
  }

  /** Fills it in the background, from time to time; resolves when that is done. It never fails. */
  async fill(): Promise<void> {
    if (this.filling !== undefined || this.now() - this.triedMs < PAUSE_MS) return this.filling;
    this.triedMs = this.now();
    this.filling = this.grow().catch(() => undefined);
    await this.filling;
    this.filling = undefined;
  }

  private async grow(): Promise<void> {
    const { bavail, bsize } = await statfs(this.directory);
    const { bytes } = this;
    const wanted = Math.min(this.most, Math.floor((bavail * bsize + bytes) / SHARE));
    if (bytes >= wanted) return;
    const file = await open(this.path, 'a', 0o600);
    try {
      await append(file, wanted - bytes);
    } finally {
      await file.close();
    }
  }
}

/** Zeros that take space: a hole in a file would not. */
async function append(file: FileHandle, bytes: number): Promise<void> {
  for (let left = bytes; left > 0; left -= MIB) await file.write(Buffer.alloc(Math.min(left, MIB)));
  await file.sync();
}
