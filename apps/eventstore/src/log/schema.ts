import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Database } from '@cairn/sqlite';
import { migrateFromV1 } from './migrate-v1';
import { REMOVED_TABLE } from './removed-table';

/** The log's file inside its directory. */
export const LOG_FILE = 'log.sqlite';

/** Layout of the tables; a file of a higher version belongs to a newer build and is refused. */
const SCHEMA_VERSION = 2;

/** Small columns come first, so that a scan that only filters does not touch the pages that hold the payloads. */
const TABLES = `
  CREATE TABLE store (
    id TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    created INTEGER NOT NULL
  );
  CREATE TABLE streams (
    sid INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    max_count INTEGER,
    max_age_s INTEGER,
    truncate_before INTEGER
  );
  CREATE TABLE types (
    type_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
  );
  CREATE TABLE events (
    pos INTEGER PRIMARY KEY,
    sid INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    type_id INTEGER NOT NULL,
    json INTEGER NOT NULL,
    created INTEGER NOT NULL,
    id BLOB NOT NULL,
    hash BLOB NOT NULL,
    data BLOB NOT NULL,
    meta BLOB NOT NULL,
    sum INTEGER NOT NULL DEFAULT 0
  );
  CREATE UNIQUE INDEX events_by_stream ON events (sid, rev);
`;

/**
 * Opens the log's database, creating directory and tables when they are missing. Every commit is fsynced
 * (`synchronous = FULL` on a write-ahead log) before it returns.
 */
export function openDatabase(directory: string): Database {
  const db = new Database(join(directory, LOG_FILE));
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = OFF');
    db.pragma('cache_size = -16384'); // KiB; with four times as much nothing is faster, the kernel has the pages too
    db.pragma('temp_store = MEMORY'); // no file that could not be opened
    db.pragma('wal_autocheckpoint = 2000');
    db.pragma('cell_size_check = ON');
    const version = Number(db.pragma('user_version', { simple: true }));
    if (version > SCHEMA_VERSION)
      throw new Error(`${directory} was written by a newer event store (schema ${String(version)})`);
    if (version === 0) {
      db.transaction(() => {
        db.exec(TABLES);
        db.exec(REMOVED_TABLE);
        db.exec(`PRAGMA user_version = ${String(SCHEMA_VERSION)}`);
      });
      syncDirectory(directory);
    }
    if (version === 1) migrateFromV1(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Opens a log only to read it, beside the server that has it.
 * @throws Error when there is none, or one of another build
 */
export function openReadOnly(directory: string): Database {
  const file = join(directory, LOG_FILE);
  if (!existsSync(file)) throw new Error(`there is no log in ${directory}`);
  const db = new Database(file, { readonly: true });
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version === SCHEMA_VERSION) return db;
  db.close();
  throw new Error(
    version < SCHEMA_VERSION
      ? `the log in ${directory} is of an older build: start its event store once, which converts it`
      : `the log in ${directory} was written by a newer event store (schema ${String(version)})`,
  );
}

/** Makes the directory with private permissions and its entry in the parent durable. */
export function ensureDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  syncDirectory(dirname(directory));
}

/** A new file is only safe once the directory that names it is on disk as well. */
export function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
