/** One file a generation of a group in a directory, which is made when missing. */
export interface SqliteDatabase {
  readonly type: 'sqlite';
  readonly directory: string;
}

/** One schema a generation of a group in a database that exists. Several controllers may share it. */
export interface PostgresDatabase {
  readonly type: 'postgres';
  /** `postgresql://user@host:port/database`; `?host=/directory` names a Unix socket, `?sslmode=verify-full` wants TLS. */
  readonly url: string;
  readonly password?: string | undefined;
  /** What its schemas' names begin with: `cairn` unless told otherwise. */
  readonly prefix?: string | undefined;
}

/** Where the read models are kept. Deleting it loses nothing. */
export type ReadModelDatabase = SqliteDatabase | PostgresDatabase;
