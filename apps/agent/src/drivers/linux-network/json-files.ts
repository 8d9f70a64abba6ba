import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { codeOf, notice, putAside, writeWhole } from '@cairn/os';

import type { Log } from '../../ports/log.port';

/** Names in a directory, in order; none where there is no such directory. */
export async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Whole or not at all, also after a power failure. An unchanged file is not written again. */
export async function writeJson(directory: string, name: string, value: unknown): Promise<void> {
  const path = join(directory, name);
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if ((await readFile(path, 'utf8').catch(() => null)) === text) return;
  await mkdir(directory, { recursive: true });
  await writeWhole(path, text, 0o644);
}

/** What a file holds; null where there is none, or one that is damaged, which is put aside. */
export async function readJson<T>(path: string, log: Log): Promise<T | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    if (!(error instanceof SyntaxError)) throw error;
    const aside = await putAside(path);
    log.error('network: a file was damaged, the next job that needs it writes it again', { path, aside, error });
    notice(`${path} was damaged: it is now ${aside}, and the next job that needs it writes it again`);
    return null;
  }
}
