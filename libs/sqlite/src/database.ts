import { DatabaseSync } from 'node:sqlite';
import { rethrow } from './error';
import { Statement } from './statement';

export interface DatabaseOptions {
  /** Opens an existing file for reading only. */
  readonly readonly?: boolean;
  /** How long a statement waits for another connection's lock, in milliseconds; 5,000 unless given. */
  readonly timeout?: number;
}

/**
 * A connection to a SQLite file by `node:sqlite`, in the shape of better-sqlite3's, which TypeORM's driver expects:
 * errors have SQLite's names as `code`, blobs are Buffers, and a lock is waited for.
 */
export class Database {
  private readonly db: DatabaseSync;

  /** @throws Error with the code `SQLITE_CANTOPEN` when the file cannot be opened or made */
  constructor(
    /** The file's path, or `:memory:`. */
    readonly name: string,
    { readonly: readOnly = false, timeout = 5_000 }: DatabaseOptions = {},
  ) {
    try {
      this.db = new DatabaseSync(name, { readOnly, timeout });
    } catch (error) {
      rethrow(error);
    }
  }

  get inTransaction(): boolean {
    return this.db.isTransaction;
  }

  prepare<P extends readonly unknown[] = unknown[], R = unknown>(sql: string): Statement<P, R> {
    try {
      return new Statement<P, R>(this.db.prepare(sql));
    } catch (error) {
      rethrow(error);
    }
  }

  /** Runs any number of statements, without their rows. */
  exec(sql: string): this {
    try {
      this.db.exec(sql);
      return this;
    } catch (error) {
      rethrow(error);
    }
  }

  /** The rows of a PRAGMA; `simple`: the first value of the first one. */
  pragma(text: string, { simple = false }: { readonly simple?: boolean } = {}): unknown {
    const rows = this.prepare<[], Record<string, unknown>>(`PRAGMA ${text}`).all();
    return simple ? Object.values(rows[0] ?? {})[0] : rows;
  }

  /** Commits what the work does, all of it or, when it throws, nothing; holds the write lock from the beginning. */
  transaction<T>(work: () => T): T {
    this.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite has already rolled back by itself after some errors (disk full, for one).
      if (this.inTransaction) this.exec('ROLLBACK');
      throw error;
    }
  }

  /** Ends the connection and all of its statements; again is nothing. */
  close(): void {
    if (this.db.isOpen) this.db.close();
  }
}
