import { hasCode } from '@cairn/sqlite';
import { DamagedLogError } from './damage';

/** What its writers are told of a group that failed. */
export function reasonOf(error: unknown): string {
  return isOutOfSpace(error)
    ? 'no space is left for the log: it can be read, and takes writes again when there is space'
    : 'the log could not be written';
}

/** What passes by itself, and a damaged event, which is its readers' trouble: the store goes on with all that it can do. */
export function isPassing(error: unknown): boolean {
  return isOutOfSpace(error) || hasCode(error, 'SQLITE_CANTOPEN') || error instanceof DamagedLogError;
}

/** A write that was refused (full disk, quota, largest size of a file) left nothing; a failed fsync is another matter. */
export function isOutOfSpace(error: unknown): boolean {
  return ['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHMSIZE'].some((code) => hasCode(error, code));
}
