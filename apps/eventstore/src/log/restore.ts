import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { lockDirectory } from './directory-lock';
import { EventLog } from './event-log';
import type { StoreIdentity } from './identity';
import { hasLog, setAside } from './backup';
import { LOG_FILE, ensureDirectory, openReadOnly, syncDirectory } from './schema';
import { verifyLog } from './verify';

/** What a restore made. */
export interface Restored extends StoreIdentity {
  readonly events: number;
  /** Where the log is that was there before; undefined when there was none. */
  readonly aside: string | undefined;
}

/**
 * Verifies a backup and makes the log of a directory from it. Moves an existing log aside and never writes over it. The
 * new log has the backup's id and the next epoch; its first new event tells readers the epoch.
 * @throws DirectoryLockedError while a server has the directory
 */
export function restore(backup: string, directory: string, at: Date): Restored {
  const source = openReadOnly(backup);
  let events: number;
  try {
    ({ events } = verifyLog(source));
  } finally {
    source.close();
  }
  if (existsSync(directory)) lockDirectory(directory)();
  const aside = hasLog(directory) ? setAside(directory, at) : undefined;
  ensureDirectory(directory);
  const key = aside === undefined ? undefined : join(aside, 'checkpoint-key.pem');
  if (key !== undefined && existsSync(key)) copyFileSync(key, join(directory, 'checkpoint-key.pem'));
  copyFileSync(join(backup, LOG_FILE), join(directory, LOG_FILE));
  syncDirectory(directory);
  const log = EventLog.open({ directory });
  try {
    return { ...log.beginEpoch(), events, aside };
  } finally {
    log.close();
  }
}
