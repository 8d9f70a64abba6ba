import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnyProjection } from '../projection';

const FILE = /^read-model-([0-9a-f]{12})\.sqlite$/;

/** Names what the rows of these projections mean: any change of a name or version is another generation. */
export function generationOf(projections: readonly AnyProjection[]): string {
  const parts = projections.map(({ name, version }) => `${name}@${String(version)}`).sort();
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12);
}

export const fileOf = (directory: string, generation: string): string =>
  join(directory, `read-model-${generation}.sqlite`);

/** The generations that have a file there, other than one. */
export async function otherGenerations(directory: string, generation: string): Promise<readonly string[]> {
  const names = await readdir(directory);
  return names.flatMap((name) => FILE.exec(name)?.[1] ?? []).filter((other) => other !== generation);
}

/** Deletes a database and what SQLite keeps beside it. */
export async function removeFile(file: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) await rm(`${file}${suffix}`, { force: true });
}
