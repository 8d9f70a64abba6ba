import type { Database } from 'better-sqlite3';
import { DataSource } from 'typeorm';
import { entities, migrations } from '../schema';

/** Statements of the runner: per table a read, a removal and a write of seven lengths each. */
const STATEMENTS = 500;

const shared = (database: string): { type: 'better-sqlite3'; database: string; entities: typeof entities } => ({
  type: 'better-sqlite3',
  database,
  entities,
});

/** The connection that writes: makes the tables where they are missing. What it keeps can be rebuilt from the log. */
export async function openWriter(database: string): Promise<DataSource> {
  const source = new DataSource({
    ...shared(database),
    migrations,
    synchronize: false,
    enableWAL: true,
    statementCacheSize: STATEMENTS,
    prepareDatabase: (db: Database) => {
      db.pragma('synchronous = NORMAL');
      db.pragma('wal_autocheckpoint = 4000');
    },
  });
  await source.initialize();
  try {
    await source.runMigrations({ transaction: 'all' });
    return source;
  } catch (error) {
    await source.destroy();
    throw error;
  }
}

/** A connection that cannot write, and sees only what is committed. */
export const openReader = (database: string): Promise<DataSource> =>
  new DataSource({ ...shared(database), synchronize: false, readonly: true, fileMustExist: true }).initialize();

const DAMAGE: ReadonlySet<unknown> = new Set(['SQLITE_NOTADB', 'SQLITE_CORRUPT']);

/** True when the file is no database (any more). Then it is made anew: it holds nothing that the log does not. */
export function isDamaged(error: unknown): boolean {
  const { code, driverError } = error as {
    readonly code?: unknown;
    readonly driverError?: { readonly code?: unknown };
  };
  return DAMAGE.has(code ?? driverError?.code);
}
