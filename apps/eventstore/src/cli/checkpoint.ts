import { writeFileSync } from 'node:fs';
import { checkpointKey, publicPem, signCheckpoint } from '../log/checkpoint';
import { readIdentity } from '../log/identity';
import { openReadOnly } from '../log/schema';
import { readTail } from '../log/tail';
import { required, type Options } from './command';

/** Signs the head of the log, or shows the key that checks it; into a file, or to standard output. */
export function checkpoint(options: Options, file: string | undefined, what: 'checkpoint' | 'public-key'): number {
  const directory = required(options.directory, '--dir');
  const text = what === 'checkpoint' ? signed(directory) : publicPem(checkpointKey(directory));
  if (file === undefined) process.stdout.write(text);
  else writeFileSync(file, text);
  return 0;
}

function signed(directory: string): string {
  const db = openReadOnly(directory);
  try {
    db.exec('BEGIN');
    const { position, hash } = readTail(db);
    const body = { ...readIdentity(db), position, hash: hash.toString('hex'), at: new Date().toISOString() };
    return `${JSON.stringify(signCheckpoint(body, checkpointKey(directory)), undefined, 2)}\n`;
  } finally {
    db.close();
  }
}
