import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { publicPem } from '@cairn/os';
import { checkpointKey, openCheckpoint, type CheckpointBody } from '../log/checkpoint';
import { DamagedLogError } from '../log/damage';
import { openReadOnly } from '../log/schema';
import { verifyLog } from '../log/verify';
import { required, say, type Options } from './command';

/** Walks the log and says whether it holds; otherwise names the first event that does not. */
export async function verify(options: Options): Promise<number> {
  const directory = required(options.directory, '--dir');
  const checkpoints = await Promise.all(options.checkpoints.map((file) => opened(file, options, directory)));
  const db = openReadOnly(directory);
  try {
    const { events, removed, streams, head } = verifyLog(db, checkpoints);
    const scavenged = removed === 0 ? '' : `, and the digests of ${String(removed)} scavenged ones`;
    say(`${String(events)} events${scavenged}, in ${String(streams)} streams, from position 0: the chain holds`);
    say(`head: position ${String(head.position)}, hash ${head.hash.toString('hex')}`);
    for (const { position, at } of checkpoints)
      say(`the log continues what was signed at ${at} (position ${String(position)})`);
    return 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    say(`BROKEN ${error.message}`);
    if (error instanceof DamagedLogError && error.position > 0)
      say(`everything before position ${String(error.position)} holds`);
    return 1;
  } finally {
    db.close();
  }
}

async function opened(file: string, { publicKey }: Options, directory: string): Promise<CheckpointBody> {
  const pem = publicKey === undefined ? publicPem(await checkpointKey(directory)) : readFileSync(publicKey);
  return openCheckpoint(readFileSync(file, 'utf8'), createPublicKey(pem));
}
