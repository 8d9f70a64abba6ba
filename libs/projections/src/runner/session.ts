import type { Database, Statement as Prepared } from '@cairn/sqlite';
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

export interface Sessions {
  /** A session inside the manager's transaction, or outside of any for a manager without one. */
  of(manager: EntityManager): Session;
  /** Commits what the work does in a transaction of its own, or nothing of it when it throws. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
}

const sessions = new WeakMap<DataSource, Sessions>();

/** The sessions of one data source. */
export function sessionsOf(source: DataSource): Sessions {
  const known = sessions.get(source);
  if (known !== undefined) return known;
  const made = source.options.type === 'postgres' ? postgresSessions(source) : sqliteSessions(source);
  sessions.set(source, made);
  return made;
}

function sqliteSessions(source: DataSource): Sessions {
  const { databaseConnection } = source.driver as unknown as { readonly databaseConnection: Database };
  const session = new SqliteSession(databaseConnection);
  return { of: () => session, transaction: (work) => committed(session, work) };
}

const statement = (sql: string): Statement => ({ sql, parameters: [] });

async function committed<T>(session: Session, work: (session: Session) => Promise<T>): Promise<T> {
  await session.rows(statement('BEGIN'));
  try {
    const done = await work(session);
    await session.rows(statement('COMMIT'));
    return done;
  } catch (error) {
    await rollBack(session);
    throw error;
  }
}

/** A database that is full or gone has rolled back by itself, and says so: the first error tells why. */
async function rollBack(session: Session): Promise<void> {
  try {
    await session.rows(statement('ROLLBACK'));
  } catch {
    // nothing is left to roll back
  }
}

/** Statements that are kept ready; lists have as many as there are ways to filter. */
const MOST_PREPARED = 500;

class SqliteSession implements Session {
  private readonly prepared = new Map<string, Prepared<readonly unknown[], Cells>>();

  constructor(private readonly database: Database) {}

  rows({ sql, parameters }: Statement): readonly Cells[] {
    return this.statement(sql).all(...parameters);
  }

  private statement(sql: string): Prepared<readonly unknown[], Cells> {
    const known = this.prepared.get(sql);
    if (known !== undefined) return known;
    const made = this.database.prepare<readonly unknown[]>(sql).raw<unknown[]>();
    if (this.prepared.size >= MOST_PREPARED) this.prepared.clear();
    this.prepared.set(sql, made);
    return made;
  }
}

function postgresSessions(source: DataSource): Sessions {
  const { master } = source.driver as unknown as { readonly master: Pool };
  return {
    of: ({ queryRunner }) => ({
      rows: async (given) =>
        found(queryRunner === undefined ? master : ((await queryRunner.connect()) as PoolClient), given),
    }),
    transaction: async (work) => {
      const client = await master.connect();
      // the statement that waits gets the error too; unheard, an event of this name ends the process
      client.on('error', ignore);
      try {
        return await committed({ rows: (given) => found(client, given) }, work);
      } finally {
        client.off('error', ignore);
        client.release(); // which discards it where it is broken
      }
    },
  };
}

const ignore = (): void => undefined;

async function found(client: Pool | PoolClient, { sql, parameters }: Statement): Promise<readonly Cells[]> {
  const { rows } = await client.query<unknown[]>({ text: sql, values: parameters.map(asked), rowMode: 'array' });
  return rows;
}
