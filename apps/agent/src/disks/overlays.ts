import { readFile, writeFile } from 'node:fs/promises';

import { runDiskTool } from './disk-tool';
import { remember } from './remember';

/** All that an empty overlay depends on. */
export interface OverlayKind {
  /** The image that it lies over, which is never written. */
  readonly base: string;
  readonly baseFormat: string;
  /** Size as the guest sees it. */
  readonly bytes: number;
}

/** Kinds remembered; an empty overlay has some 200 KiB, more only for disks of many TiB. */
const MOST_KINDS = 16;
const MOST_BYTES = 1024 ** 2;

/**
 * Makes empty qcow2 overlays. `qemu-img` makes the first of a kind; those that follow are copies of what it made, without
 * a process: that takes 60 to 90 ms.
 */
export class Overlays {
  private readonly made = new Map<string, Buffer>();

  /**
   * @param path where nothing is yet.
   * @throws JobFailure, or a system error.
   */
  async create(path: string, { base, baseFormat, bytes }: OverlayKind): Promise<void> {
    const kind = JSON.stringify([base, baseFormat, bytes]);
    const empty = this.made.get(kind);
    if (empty !== undefined) {
      await writeFile(path, empty, { flag: 'wx', mode: 0o600 });
      return;
    }
    const size = String(bytes);
    await runDiskTool('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', baseFormat, '-b', base, path, size]);
    const first = await readFile(path);
    if (first.length <= MOST_BYTES) remember(this.made, kind, first, MOST_KINDS);
  }
}
