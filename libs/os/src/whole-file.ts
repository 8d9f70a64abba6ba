import { randomUUID } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { codeOf } from './code-of';

/** Makes a file's bytes, or a folder's names, durable. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Makes a file under another name beside it first, so that it has its own only when it is whole: after a full disk, an
 * error or a lost power it has its content of before, or is not there. Durable when it resolves. Nobody else may make a
 * file of the same draft's name at the same time.
 * @param make writes the draft
 * @throws what `make` throws, and the file system's error
 */
export async function makeWhole(
  path: string,
  make: (draft: string) => Promise<void>,
  draft = `${path}.new`,
): Promise<void> {
  try {
    await make(draft);
    await syncPath(draft);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncPath(dirname(path));
}

/**
 * Makes the content a file's, whole or not at all, in the place of an older one.
 * @param mode of the new file; that of an older one is not kept
 * @param draft the name that it has first
 * @throws the file system's error
 */
export function writeWhole(
  path: string,
  content: string | Uint8Array,
  mode = 0o600,
  draft = `${path}.new`,
): Promise<void> {
  return makeWhole(path, (to) => fill(to, content, mode), draft);
}

/**
 * Makes a file where there is none, whole or not at all. Of several processes that do so at once one makes it.
 * @returns false when a file of that name is there already, which is left as it is
 * @throws the file system's error
 */
export async function createWhole(path: string, content: string | Uint8Array, mode = 0o600): Promise<boolean> {
  const draft = draftOf(path);
  try {
    await fill(draft, content, mode);
    await syncPath(draft);
    await link(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
    await syncPath(dirname(path));
  }
}

/** The name of a draft that nobody else uses. */
export const draftOf = (path: string): string => `${path}.${randomUUID()}.tmp`;

async function fill(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const handle = await open(path, 'w', mode);
  try {
    await handle.chmod(mode); // under any umask, also of a draft that a crash left
    await handle.writeFile(content);
  } finally {
    await handle.close();
  }
}
