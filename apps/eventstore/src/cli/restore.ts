import { resolve } from 'node:path';
import { restore } from '../log/restore';
import { required, say, type Options } from './command';

/** Makes the log from a backup. */
export function restoreLog(options: Options, backup: string | undefined): number {
  const from = resolve(required(backup, 'the directory of the backup'));
  const { events, storeId, epoch, aside } = restore(from, resolve(required(options.directory, '--dir')), new Date());
  say(`restored ${String(events)} events, verified; store ${storeId} is now in epoch ${String(epoch)}`);
  if (aside !== undefined) say(`the log that was here is in ${aside}`);
  return 0;
}
