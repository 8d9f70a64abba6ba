import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

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
 * Makes the content a file's, whole or not at all: after a full disk, an error or a lost power it has its content of before,
 * or is not there. Durable when it resolves. Nobody else may write the same file at the same time.
 * @param mode of the new file; that of an older one is not kept
 * @throws the file system's error
 */
export async function writeWhole(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const draft = `${path}.new`;
  try {
    const handle = await open(draft, 'w', mode);
    try {
      await handle.chmod(mode); // whatever the umask, and a draft that a crash left
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncPath(dirname(path));
}

/** The same, for a process that is only starting. */
export function writeWholeSync(path: string, content: string | Uint8Array, mode = 0o600): void {
  const draft = `${path}.new`;
  try {
    const descriptor = openSync(draft, 'w', mode);
    try {
      fchmodSync(descriptor, mode);
      writeFileSync(descriptor, content);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
