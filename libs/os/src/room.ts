import { statfs } from 'node:fs/promises';

/** Of a file system, this share is left free, but no more than that many bytes. */
const FLOOR = { share: 1 / 20, mostBytes: 1024 ** 3 };

/** Bulk data would take space that the log and the journals on the same disk need. Its code is that of a full disk. */
export class NoRoom extends Error {
  readonly code = 'ENOSPC';

  constructor(folder: string) {
    super(`no room is left for bulk data in ${folder}`);
  }
}

/**
 * Whether bulk data, such as an image, may take space. A part of each disk is left to what must be written whatever others
 * do: the log, the journals, the databases.
 * @param bytes that are about to be written into the folder
 * @throws NoRoom
 */
export async function requireRoom(folder: string, bytes: number): Promise<void> {
  if ((await roomIn(folder)) < bytes) throw new NoRoom(folder);
}

/** Bytes that bulk data may still take there; negative where it has taken too many. */
export async function roomIn(folder: string): Promise<number> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return bavail * bsize - Math.min(blocks * bsize * FLOOR.share, FLOOR.mostBytes);
}
