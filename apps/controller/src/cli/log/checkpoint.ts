import { nameOf } from '@cairn/event-store';
import { publicPem } from '@cairn/os';
import { writeFileSync } from 'node:fs';

import type { ControllerConfig } from '../../config';
import { connectStore } from '../../connect-store';
import { headKey, headText, signedHead } from '../../log-head/signed-head';
import { wholeLog } from '../log-scan';
import { LogWalk } from './log-walk';

/** `log-checkpoint [FILE]`: signs where the log ends, after a walk over all of it. */
export async function checkpointLog(config: ControllerConfig, file: string | undefined): Promise<number> {
  const store = connectStore(config);
  try {
    const walk = await new LogWalk().takeAll(wholeLog(store));
    if (walk.fault !== undefined) throw new Error(walk.fault);
    const head = walk.digest.head((await nameOf(store)) ?? '', new Date().toISOString());
    if (head === undefined) throw new Error('the log is empty: there is nothing to sign');
    put(headText(signedHead(head, await headKey(config.stateDir))), file);
    return 0;
  } finally {
    await store.close();
  }
}

/** `log-public-key [FILE]`: what checks the checkpoints of this cloud. */
export async function publicKeyOf(config: ControllerConfig, file: string | undefined): Promise<number> {
  put(publicPem(await headKey(config.stateDir)), file);
  return 0;
}

function put(text: string, file: string | undefined): void {
  if (file === undefined) process.stdout.write(text);
  else writeFileSync(file, text);
}
