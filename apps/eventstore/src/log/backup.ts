import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from '@cairn/sqlite';
import { walkChain, type ChainStep } from './chain-walk';
import { readIdentity } from './identity';
import { LOG_FILE, openDatabase, openReadOnly, syncDirectory } from './schema';
import { CHAIN_START, readTail } from './tail';

/** Events that one transaction of a backup copies. */
const SLICE = 5_000;

const EVENT_COLUMNS = ['pos', 'sid', 'rev', 'type_id', 'json', 'created', 'id', 'hash', 'data', 'meta', 'sum'] as const;

/** What a backup did. */
export interface BackedUp {
  readonly copied: number;
  /** Position of the newest event in the backup. */
  readonly position: number;
}

/**
 * Brings a backup up to date with a log, beside the server that writes it: what is new is copied, and its hashes must
 * follow from what the backup has. So every backup is verified, only ever grows, and the first one is a whole copy.
 * @throws DamagedLogError when the log is damaged; the backup then ends before the damage
 * @throws Error when the backup is of another store, or of a history that the log does not continue
 */
export function backUp(source: string, target: string): BackedUp {
  mkdirSync(target, { recursive: true, mode: 0o700 });
  syncDirectory(dirname(target));
  const from = openReadOnly(source);
  const to = openDatabase(target);
  try {
    from.exec('BEGIN'); // one snapshot of the log, while its server goes on
    const tail = readTail(to);
    if (tail.position >= 0) checkContinues(from, to, tail.position, tail.hash);
    to.transaction(() => {
      copyRows(from, to, 'types');
      copyRows(from, to, 'store');
    });
    const copied = copyEvents(from, to, tail.position < 0 ? CHAIN_START : tail);
    to.transaction(() => {
      copyRows(from, to, 'streams');
    });
    to.pragma('wal_checkpoint(TRUNCATE)');
    return { copied, position: readTail(to).position };
  } finally {
    from.close();
    to.close();
  }
}

/** Whether there is a log in a directory. */
export function hasLog(directory: string): boolean {
  return existsSync(`${directory}/${LOG_FILE}`);
}

/** Puts a directory aside under a name that says when; returns that name. */
export function setAside(directory: string, at: Date): string {
  const aside = `${directory}.before-${at.toISOString().replaceAll(/[:.]/g, '-')}`;
  renameSync(directory, aside);
  syncDirectory(dirname(directory));
  return aside;
}

function checkContinues(from: Database, to: Database, position: number, hash: Buffer): void {
  const [source, backup] = [readIdentity(from), readIdentity(to)];
  if (source.storeId !== backup.storeId)
    throw new Error(`the backup is of store ${backup.storeId}, the log is ${source.storeId}`);
  const here = from.prepare<[number], { hash: Buffer }>('SELECT hash FROM events WHERE pos = ?').get(position);
  const removed = from.prepare<[number], { digest: Buffer }>('SELECT digest FROM removed WHERE pos = ?').get(position);
  if (here === undefined ? removed === undefined : !here.hash.equals(hash)) {
    throw new Error(
      `the log does not continue the backup, which ends at position ${String(position)}: it is another history; ` +
        'keep this backup, find out why, and begin a new one in another directory',
    );
  }
}

function copyEvents(from: Database, to: Database, start: Parameters<typeof walkChain>[1]): number {
  // Names first: a snapshot's events refer to no others.
  to.transaction(() => {
    copyRows(from, to, 'streams');
  });
  const event = to.prepare(
    `INSERT INTO events (${EVENT_COLUMNS.join(', ')})
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const gap = to.prepare('INSERT INTO removed (pos, sid, rev, size, digest) VALUES (?, ?, ?, ?, ?)');
  const write = ({ row, position, next, sid, revision, digest }: ChainStep): void => {
    if (row === undefined) gap.run(position, sid, revision, next - position, digest);
    else event.run(...EVENT_COLUMNS.map((column) => row[column]));
  };
  let copied = 0;
  let slice: ChainStep[] = [];
  const flush = (): void => {
    to.transaction(() => {
      for (const step of slice) write(step);
    });
    copied += slice.length;
    slice = [];
  };
  try {
    for (const step of walkChain(from, start)) {
      slice.push(step);
      if (slice.length >= SLICE) flush();
    }
  } finally {
    flush();
  }
  return copied;
}

/** Copies the small tables whole: their rows are few next to the events. */
function copyRows(from: Database, to: Database, table: 'streams' | 'types' | 'store'): void {
  if (table === 'store') to.exec('DELETE FROM store');
  const columns = from.pragma(`table_info(${table})`) as readonly { readonly name: string }[];
  const names = columns.map(({ name }) => name);
  const insert = to.prepare(
    `INSERT OR REPLACE INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
  );
  for (const row of from
    .prepare(`SELECT ${names.join(', ')} FROM ${table}`)
    .raw()
    .iterate())
    insert.run(...row);
}
