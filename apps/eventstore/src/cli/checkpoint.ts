import { writeFileSync } from 'node:fs';
import { publicPem } from '@cairn/os';
import { checkpointKey, signCheckpoint } from '../log/checkpoint';
import { readIdentity } from '../log/identity';
import { openReadOnly } from '../log/schema';
import { readTail } from '../log/tail';
import { required, type Options } from './command';

/** Signs the head of the log, or shows the key that checks it; into a file, or to standard output. */
export async function checkpoint(
  options: Options,
  file: string | undefined,
  what: 'checkpoint' | 'public-key',
): Promise<number> {
  const directory = required(options.directory, '--dir');
  const text = what === 'checkpoint' ? await signed(directory) : publicPem(await checkpointKey(directory));
  if (file === undefined) process.stdout.write(text);
  else writeFileSync(file, text);
  return 0;
}

async function signed(directory: string): Promise<string> {
  const key = await checkpointKey(directory);
  const db = openReadOnly(directory);
  try {
    db.exec('BEGIN');
    const { position, hash } = readTail(db);
    const body = { ...readIdentity(db), position, hash: hash.toString('hex'), at: new Date().toISOString() };
    return `${JSON.stringify(signCheckpoint(body, key), undefined, 2)}\n`;
  } finally {
    db.close();
  }
}
