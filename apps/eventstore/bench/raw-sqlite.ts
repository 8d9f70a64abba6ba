import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Database } from '@cairn/sqlite';
import { percentile } from './report';

/** How fast SQLite itself commits rows of this size, fully synced, on this file system: what all ratios refer to. */
export interface RawFigures {
  /** Milliseconds of a commit of one row. */
  readonly commitP50: number;
  /** Rows per second, one row and a hundred rows a commit. */
  readonly single: number;
  readonly hundreds: number;
}

const PAYLOAD_BYTES = 300;

/** Measures plain inserts: a rowid, a payload, write-ahead log, `synchronous = FULL`. */
export function rawSqlite(directory: string): RawFigures {
  const db = new Database(join(directory, 'raw.sqlite'));
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.exec('CREATE TABLE rows (id INTEGER PRIMARY KEY, payload BLOB NOT NULL)');
    const insert = db.prepare('INSERT INTO rows (payload) VALUES (?)');
    const commit = (rows: number): void => {
      db.transaction(() => {
        for (let i = 0; i < rows; i += 1) insert.run(randomBytes(PAYLOAD_BYTES));
      });
    };
    const times = timeEach(1_000, () => {
      commit(1);
    });
    const hundreds = timeEach(200, () => {
      commit(100);
    });
    return {
      commitP50: percentile(times, 0.5),
      single: (times.length / sum(times)) * 1e3,
      hundreds: ((hundreds.length * 100) / sum(hundreds)) * 1e3,
    };
  } finally {
    db.close();
  }
}

/** Milliseconds of each run. */
function timeEach(runs: number, work: () => void): readonly number[] {
  return Array.from({ length: runs }, () => {
    const began = performance.now();
    work();
    return performance.now() - began;
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
