import type { Database, Statement as Prepared } from 'better-sqlite3';
import type { Pool, PoolClient } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { asked } from '../database/postgres-text';
import type { Statement } from './bulk-sql';

/** One found row: its values in the order of the statement's columns. */
export type Cells = readonly unknown[];

/**
 * Runs statements below TypeORM's query runner, which costs as much as a small statement does. Rows come as arrays: an
 * object of fifty properties costs the drivers more than the database needs to find it.
 */
export interface Session {
  /** The rows that a statement gives; none for one that only writes. */
  rows(statement: Statement): readonly Cells[] | Promise<readonly Cells[]>;
}

/** A session inside the manager's transaction, or outside of any for a manager without one. */
export type Sessions = (manager: EntityManager) => Session;

const sessions = new WeakMap<DataSource, Sessions>();

/** The sessions of one data source. */
export function sessionsOf(source: DataSource): Sessions {
  const known = sessions.get(source);
  if (known !== undefined) return known;
  const made = source.options.type === 'postgres' ? postgresSession : sqliteSessions(source);
  sessions.set(source, made);
  return made;
}

function sqliteSessions(source: DataSource): Sessions {
  const { databaseConnection } = source.driver as unknown as { readonly databaseConnection: Database };
  const session = new SqliteSession(databaseConnection);
  return () => session;
}

/** Statements that are kept ready; lists have as many as there are ways to filter. */
const MOST_PREPARED = 500;

class SqliteSession implements Session {
  private readonly prepared = new Map<string, Prepared<unknown[], Cells>>();

  constructor(private readonly database: Database) {}

  rows({ sql, parameters }: Statement): readonly Cells[] {
    const statement = this.statement(sql);
    if (statement.reader) return statement.all(parameters);
    statement.run(parameters);
    return [];
  }

  private statement(sql: string): Prepared<unknown[], Cells> {
    const known = this.prepared.get(sql);
    if (known !== undefined) return known;
    const made = this.database.prepare<unknown[], Cells>(sql);
    if (made.reader) made.raw(true);
    if (this.prepared.size >= MOST_PREPARED) this.prepared.clear();
    this.prepared.set(sql, made);
    return made;
  }
}

const postgresSession: Sessions = ({ queryRunner, dataSource }) => ({
  async rows({ sql, parameters }) {
    const { master } = dataSource.driver as unknown as { readonly master: Pool };
    const client = queryRunner === undefined ? master : ((await queryRunner.connect()) as PoolClient);
    const { rows } = await client.query<unknown[]>({ text: sql, values: parameters.map(asked), rowMode: 'array' });
    return rows;
  },
});
