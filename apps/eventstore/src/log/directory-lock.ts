import { join } from 'node:path';
import { Database, hasCode } from '@cairn/sqlite';

/** Another server holds the directory. */
export class DirectoryLockedError extends Error {
  constructor(directory: string) {
    super(`another event store is running on ${directory}; one directory belongs to one server`);
    this.name = 'DirectoryLockedError';
  }
}

/**
 * Takes the directory for this process, until it ends or releases it. The lock is a transaction held open on a small
 * SQLite file of its own: the kernel drops it when the process dies in whatever way, so none is ever left behind, and
 * the log itself stays open to other readers (backup, verification).
 *
 * @returns the function that releases the lock
 * @throws DirectoryLockedError when another process (or another lock in this one) has it
 */
export function lockDirectory(directory: string): () => void {
  const lock = new Database(join(directory, 'lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (hasCode(error, 'SQLITE_BUSY')) throw new DirectoryLockedError(directory);
    throw error;
  }
  return () => {
    lock.close();
  };
}
