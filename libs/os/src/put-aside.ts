import { rename, rm } from 'node:fs/promises';

import { codeOf } from './code-of';

/**
 * Moves a damaged file or folder, which can be made again, out of the way, in the place of what was put aside before: it
 * stays for those who want to know what happened to it. What is not there is no error.
 * @param companions files beside it that go with it, as suffixes (`-wal`)
 * @returns where it is now
 */
export async function putAside(path: string, companions: readonly string[] = []): Promise<string> {
  const aside = `${path}.damaged`;
  for (const suffix of ['', ...companions]) {
    await rm(`${aside}${suffix}`, { recursive: true, force: true });
    await rename(`${path}${suffix}`, `${aside}${suffix}`).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    });
  }
  return aside;
}
