import { Client } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { GENERATION } from '../runner/generation';
import type { EntityOf } from '../runner/row-store';
import { bookkeeping, makeTables } from '../schema';
import type { PostgresDatabase } from './database';
import { codeOf } from './error-code';
import { foundDamage } from './found-damage';
import type { Generations } from './generations';
import { askingStorable } from './postgres-text';
import { type Server, serverOf } from './postgres-url';

const READERS = 8;

/** PostgreSQL cuts names of connections there. */
const LONGEST_NAME = 63;

/** The database does not exist. */
const NO_DATABASE = '3D000';

/**
 * Database, schema, table or column does not exist, or is of another kind; it exists where the schema was taken for a new
 * one, because another table is gone; damaged data or index; a file that is gone.
 */
const DAMAGE = /^(3D000|42P01|42703|3F000|42804|42P07|XX001|XX002|58P01)$/;

/** Somebody else has made it meanwhile: seen before it is written, or then. */
const MADE_ALREADY: readonly string[] = ['42P04', '23505'];

/** Every server has this database, for those who look for others. */
const MAINTENANCE = 'postgres';

/** Connection lost, server ending or starting, too many clients; and what the system says when nobody listens. */
const OUTAGE = /^(08...|57P0.|53...|ECONN.*|ENOENT|EPIPE|EACCES|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN)$/;

/** Serialises those who make or drop tables: `hashtext` of the schema is the other half of the lock's key. */
const LOCK = 0x0ca1;

/** What connections are for. */
interface Use {
  /** Names the tables' schema in every statement. */
  readonly schema?: string;
  readonly connections: number;
  readonly settings: string;
}

/** One schema a generation, in one database. */
export class PostgresGenerations implements Generations {
  private readonly server: Server;
  private readonly prefix: string;

  constructor(private readonly options: PostgresDatabase) {
    this.server = serverOf(options.url);
    this.prefix = options.prefix ?? 'cairn';
    if (!/^[a-z][a-z0-9_]{0,40}$/.test(this.prefix)) throw new Error(`no prefix for schemas: ${this.prefix}`);
  }

  async ensureDatabase(): Promise<string | undefined> {
    const { database } = this.server;
    try {
      await this.asked(() => Promise.resolve());
      return undefined;
    } catch (error) {
      if (codeOf(error) !== NO_DATABASE) throw error;
    }
    try {
      await this.asked((client) => client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`), MAINTENANCE);
    } catch (error) {
      if (!MADE_ALREADY.includes(codeOf(error)))
        throw new Error(`the database ${database} is not there, and cannot be made: ${String(error)}`, {
          cause: error,
        });
    }
    return `the database ${database} was not there`;
  }

  async openWriter(generation: string, rows: readonly EntityOf[]): Promise<DataSource> {
    const schema = this.schema(generation);
    // what is lost in a power cut is folded from the log again, so no commit waits for the disk
    const source = this.source([generation], [...bookkeeping, ...rows], {
      schema,
      connections: 1,
      settings: '-c synchronous_commit=off',
    });
    await source.initialize();
    try {
      await source.query('SELECT pg_advisory_lock($1, hashtext($2))', [LOCK, schema]);
      await source.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
      await makeTables(source);
      await source.query('SELECT pg_advisory_unlock($1, hashtext($2))', [LOCK, schema]);
      return source;
    } catch (error) {
      await source.destroy();
      throw error;
    }
  }

  openReader(generations: readonly string[], tables: readonly EntityOf[]): Promise<DataSource> {
    const settings = '-c default_transaction_read_only=on';
    return this.source(generations, tables, { connections: READERS, settings }).initialize();
  }

  all(): Promise<readonly string[]> {
    return this.asked(async (client) => {
      const { rows } = await client.query<{ nspname: string }>(
        "SELECT nspname FROM pg_namespace WHERE nspname ~ ('^' || $1 || '_' || $2 || '$') ORDER BY nspname",
        [this.prefix, GENERATION],
      );
      return rows.map(({ nspname }) => nspname.slice(this.prefix.length + 1));
    });
  }

  /** Connections are named after their generation: so it shows whether a controller of another build still uses it. */
  remove(generation: string): Promise<boolean> {
    const schema = this.schema(generation);
    return this.asked(async (client) => {
      await client.query('SELECT pg_advisory_lock($1, hashtext($2))', [LOCK, schema]);
      const used = await client.query(
        'SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1',
        [this.applicationName(generation)],
      );
      if (used.rows.length > 0) return false;
      await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
      return true;
    });
  }

  /** PostgreSQL keeps no copies: what is dropped is folded from the log again. */
  async putAside(generation: string): Promise<void> {
    if (await this.remove(generation)) return;
    throw new Error(`${this.schema(generation)} is damaged, and not dropped: another controller still uses it`);
  }

  unsound(generation: string, rows: readonly EntityOf[]): Promise<string | undefined> {
    const tables = [...bookkeeping, ...rows];
    const source = this.source([generation], tables, { connections: 1, settings: '' });
    const read = async (): Promise<void> => {
      for (const table of tables) {
        await source.manager.find(table, { take: 1 }); // asks for every column
        await source.manager.count(table); // reads every page
      }
    };
    return foundDamage(source, read, (error) => this.isDamage(error));
  }

  isDamage(error: unknown): boolean {
    return DAMAGE.test(codeOf(error));
  }

  isOutage(error: unknown): boolean {
    const lost =
      error instanceof Error && /^Connection terminated|^Client was closed|timeout exceeded/.test(error.message);
    return lost || OUTAGE.test(codeOf(error));
  }

  private schema(generation: string): string {
    return `${this.prefix}_${generation}`;
  }

  private applicationName(generation: string): string {
    return `cairn ${this.schema(generation)}`.slice(0, LONGEST_NAME);
  }

  /** Tables are found in the first of the schemas that has them. */
  private source(generations: readonly string[], tables: readonly EntityOf[], use: Use): DataSource {
    const { user, host, port, database, ssl } = this.server;
    const path = generations.map((generation) => this.schema(generation)).join(',');
    const options: DataSourceOptions = {
      type: 'postgres',
      host,
      port,
      username: user,
      database,
      ssl,
      ...(this.options.password === undefined ? {} : { password: this.options.password }),
      entities: [...tables],
      synchronize: false,
      installExtensions: false,
      ...(use.schema === undefined ? {} : { schema: use.schema }),
      poolSize: use.connections,
      connectTimeoutMS: 10_000,
      applicationName: this.applicationName(generations[0] ?? ''),
      extra: { options: `-c search_path=${path} ${use.settings}`, idleTimeoutMillis: 0, keepAlive: true },
    };
    return askingStorable(new DataSource(options));
  }

  private async asked<T>(questions: (client: Client) => Promise<T>, database = this.server.database): Promise<T> {
    const { password } = this.options;
    const client = new Client({
      ...this.server,
      database,
      application_name: 'cairn',
      ...(password === undefined ? {} : { password }),
    });
    // the question that waits gets the error too; unheard, an event of this name ends the process
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await questions(client);
    } finally {
      await client.end();
    }
  }
}
