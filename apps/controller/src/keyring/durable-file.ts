import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { codeOf, syncPath } from '@cairn/os';

async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The text of a file; undefined when there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Writes a file that only its owner may read (0600), whole and durable before it has its name.
 * @param scratch a name beside it that nobody else uses.
 * @returns false when a file of that name is there already, which is left as it is.
 */
export async function createDurably(file: string, scratch: string, text: string): Promise<boolean> {
  await writeSynced(scratch, text);
  try {
    await link(scratch, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(scratch, { force: true });
    await syncPath(dirname(file));
  }
}

/** Like `createDurably`, but replaces an existing file. */
export async function replaceDurably(file: string, scratch: string, text: string): Promise<void> {
  await writeSynced(scratch, text);
  await rename(scratch, file);
  await syncPath(dirname(file));
}
