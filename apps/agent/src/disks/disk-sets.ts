import { mkdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';

import type { InstanceSpec } from '@cairn/host-protocol';

import { JobFailure } from '../ports/errors';

import { atomically, linkOnce, named, namesIn } from './disk-files';
import { runDiskTool } from './disk-tool';
import { readQcow2Header } from './image-header';
import { readHead } from './inspect-image';
import type { ToolLimits } from './limited-tool';
import { otherDisks } from './other-disks';
import { MIB } from './raw-disks';

const GIB = 1024 ** 3;

/** A copy takes as long as the disk takes to read and write it; the guest's owner waits no longer than the job may. */
const COPY_LIMITS: ToolLimits = { wallMs: 55 * 60_000, cpuSeconds: 15 * 60, memoryBytes: 2 * GIB };

/** The folder of a set of disks. */
export const setIn = (home: string, id: string | null): string => (id === null ? home : join(home, id));

/** Names by which a set keeps the images that its disks lie over. */
const LINKS = /^(base|kernel|ramdisk)([.-]|$)/;

/**
 * Copies the disks of a set whose guest is off, and lets them grow to what the spec says. The root disk comes last: a set
 * that has one is whole. A swap holds nothing that is worth a copy, and a configuration drive says what was true before.
 * @throws JobFailure, or an error that says that there is no room.
 */
export async function copySet(from: string, to: string, spec: InstanceSpec): Promise<void> {
  const { rootGb, rootId } = spec;
  await mkdir(to, { recursive: true });
  const names = await namesIn(from);
  for (const name of names) if (LINKS.test(name)) await linkOnce(join(from, name), join(to, name));
  for (const { disk, file } of otherDisks(spec)) {
    if (disk.role !== 'ephemeral' || !names.includes(file)) continue;
    await copied(join(from, file), join(to, file), async (draft) => {
      if ((await stat(draft)).size < disk.sizeMb * MIB) await truncate(draft, disk.sizeMb * MIB);
    });
  }
  const root = named('disk', rootId);
  await copied(join(from, root), join(to, root), (draft) => grow(draft, rootGb * GIB));
}

const copied = (from: string, to: string, change: (draft: string) => Promise<void>): Promise<void> =>
  atomically(to, async (draft) => {
    await runDiskTool('cp', ['--reflink=auto', '--sparse=always', '--', from, draft], COPY_LIMITS);
    await change(draft);
  });

/** @param bytes 0: it stays as large as it is. */
async function grow(path: string, bytes: number): Promise<void> {
  const has = await virtualBytes(path);
  if (has < bytes) await runDiskTool('qemu-img', ['resize', '-q', '-f', 'qcow2', path, String(bytes)]);
  if (bytes > 0 && has > bytes) throw new JobFailure('disk.failed', 'Resize error: Unable to resize disk down.', true);
}

async function virtualBytes(path: string): Promise<number> {
  const header = readQcow2Header((await readHead(path)).head);
  if (header === undefined) throw new JobFailure('disk.failed', 'The root disk of the instance cannot be read.', false);
  return header.virtualBytes;
}
