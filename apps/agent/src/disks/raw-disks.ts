import { open } from 'node:fs/promises';

import type { OtherDiskSpec } from '../ports/hypervisor.port';

import { runDiskTool } from './disk-tool';

export const MIB = 1024 ** 2;

/** A file of that size that takes no room yet. @param path where nothing is yet. */
export async function createSparse(path: string, bytes: number): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.truncate(bytes);
  } finally {
    await handle.close();
  }
}

type BlankDisk = Extract<OtherDiskSpec, { role: 'ephemeral' | 'swap' }>;

/**
 * A disk that holds nothing but, where its spec says so, an empty file system.
 * @param number of the ephemeral disks of its guest, from 0.
 * @throws JobFailure, or an error that says that there is no room.
 */
export async function createBlank(path: string, disk: BlankDisk, number: number): Promise<void> {
  await createSparse(path, disk.sizeMb * MIB);
  if (disk.role === 'swap') await runDiskTool('mkswap', [path]);
  else if (disk.format !== undefined)
    await runDiskTool(`mkfs.${disk.format}`, ['-q', '-F', '-L', `ephemeral${String(number)}`, path]);
}
