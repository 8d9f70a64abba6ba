import { lstat, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createWhole } from '@cairn/os';
import type { Random } from '../random';
import { KEY_BYTES } from './cipher';
import { readIfThere } from './read-if-there';

/** Names the environment variable that may hold the master key instead of the file: base64 of 32 bytes. */
export const MASTER_KEY_VARIABLE = 'CAIRN_MASTER_KEY';

function parseKey(text: string, where: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== KEY_BYTES) throw new Error(`${where} does not hold a master key (base64 of 32 bytes)`);
  return key;
}

async function refuseIfReadableByOthers(file: string): Promise<void> {
  const { mode } = await lstat(file);
  if ((mode & 0o077) !== 0) throw new Error(`${file} can be read by others than its owner: chmod 600 it`);
}

/**
 * The master key of an installation: from the environment, or from a file (0600) that is made at the first start.
 * @param folder holds `master.key`; `keys` beside it must be empty when the file is to be made.
 * @throws Error when the file is open to others, is no key, or is missing although keys were wrapped by it.
 */
export async function masterKey(
  folder: string,
  keysFolder: string,
  environment: Readonly<Record<string, string | undefined>>,
  random: Random,
): Promise<Buffer> {
  const given = environment[MASTER_KEY_VARIABLE];
  if (given !== undefined && given !== '') return parseKey(given, MASTER_KEY_VARIABLE);
  const file = join(folder, 'master.key');
  const known = await readIfThere(file);
  if (known !== undefined) {
    await refuseIfReadableByOthers(file);
    return parseKey(known, file);
  }
  const keys = await readdir(keysFolder);
  if (keys.length > 0) throw new Error(`${file} is missing, which wraps ${keysFolder}: restore it from its backup`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const made = random.bytes(KEY_BYTES).toString('base64');
  if (await createWhole(file, `${made}\n`)) return parseKey(made, file);
  return parseKey((await readIfThere(file)) ?? '', file);
}
