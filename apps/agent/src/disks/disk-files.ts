import { chmod, link, readdir, rm, stat } from 'node:fs/promises';

import { codeOf, makeWhole } from '@cairn/os';

/** The name of a disk, or of a link to what it lies over. @param id tells a disk from the one of that name before it. */
export const named = (name: string, id?: string): string => (id === undefined ? name : `${name}-${id}`);

/** The names in a folder; none where there is no folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** A hard link; one that is there already stays. */
export async function linkOnce(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/** A disk with its own name is whole and durable. */
export const atomically = (path: string, make: (draft: string) => Promise<void>): Promise<void> =>
  makeWhole(path, async (draft) => {
    await rm(draft, { force: true }); // of a crash
    await make(draft);
    await chmod(draft, 0o600);
  });
