import type { Database, Statement as Prepared } from 'better-sqlite3';
import type { PoolClient } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import type { Statement } from './bulk-sql';

export type Found = Record<string, unknown>;

/** Runs statements inside a transaction, below TypeORM's query runner: it costs as much as a small statement does. */
export interface Session {
  /** The rows that a statement gives; none for one that only writes. */
  rows(statement: Statement): Found[] | Promise<Found[]>;
}

/** Makes sessions of one data source. */
export type Sessions = (transaction: EntityManager) => Session;

export const sessionsOf = (source: DataSource): Sessions => {
  if (source.options.type === 'postgres') return postgresSession;
  const prepared = new Map<string, Prepared<unknown[], Found>>();
  const { databaseConnection } = source.driver as unknown as { readonly databaseConnection: Database };
  const session = new SqliteSession(databaseConnection, prepared);
  return () => session;
};

class SqliteSession implements Session {
  constructor(
    private readonly database: Database,
    private readonly prepared: Map<string, Prepared<unknown[], Found>>,
  ) {}

  rows({ sql, parameters }: Statement): Found[] {
    const statement = this.statement(sql);
    if (statement.reader) return statement.all(parameters);
    statement.run(parameters);
    return [];
  }

  private statement(sql: string): Prepared<unknown[], Found> {
    const known = this.prepared.get(sql);
    if (known !== undefined) return known;
    const made = this.database.prepare<unknown[], Found>(sql);
    this.prepared.set(sql, made);
    return made;
  }
}

const postgresSession: Sessions = (transaction) => ({
  async rows({ sql, parameters }) {
    const client = (await transaction.queryRunner?.connect()) as PoolClient;
    const { rows } = await client.query<Found>(sql, parameters);
    return rows;
  },
});
