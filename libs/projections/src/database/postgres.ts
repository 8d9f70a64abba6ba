import { Client } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { entities, makeTables } from '../schema';
import type { PostgresDatabase } from './database';
import { codeOf } from './error-code';
import type { Generations } from './generations';
import { askingStorable } from './postgres-text';
import { type Server, serverOf } from './postgres-url';

const READERS = 8;

/** Table, column or schema does not exist, or is of another kind. */
const DAMAGE = /^(42P01|42703|3F000|42804)$/;

/** Connection lost, server ending or starting, too many clients; and what the system says when nobody listens. */
const OUTAGE = /^(08...|57P0.|53...|3D000|ECONN.*|ENOENT|EPIPE|EACCES|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN)$/;

/** Serialises those who make or drop tables: `hashtext` of the schema is the other half of the lock's key. */
const LOCK = 0x0ca1;

/** One schema a generation, in one database. */
export class PostgresGenerations implements Generations {
  private readonly server: Server;
  private readonly prefix: string;

  constructor(private readonly options: PostgresDatabase) {
    this.server = serverOf(options.url);
    this.prefix = options.prefix ?? 'cairn';
    if (!/^[a-z][a-z0-9_]{0,40}$/.test(this.prefix)) throw new Error(`no prefix for schemas: ${this.prefix}`);
  }

  async openWriter(generation: string): Promise<DataSource> {
    const schema = this.schema(generation);
    // what is lost in a power cut is folded from the log again, so no commit waits for the disk
    const source = this.source(generation, 1, '-c synchronous_commit=off');
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

  openReader(generation: string): Promise<DataSource> {
    return this.source(generation, READERS, '-c default_transaction_read_only=on').initialize();
  }

  others(generation: string): Promise<readonly string[]> {
    return this.asked(async (client) => {
      const { rows } = await client.query<{ nspname: string }>(
        "SELECT nspname FROM pg_namespace WHERE nspname ~ ('^' || $1 || '_[0-9a-f]{12}$') ORDER BY nspname",
        [this.prefix],
      );
      const found = rows.map(({ nspname }) => nspname.slice(this.prefix.length + 1));
      return found.filter((other) => other !== generation);
    });
  }

  /** Connections are named after their generation: so it shows whether a controller of another build still reads it. */
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

  isDamage(error: unknown): boolean {
    return DAMAGE.test(codeOf(error));
  }

  isOutage(error: unknown): boolean {
    const lost =
      error instanceof Error && /^Connection terminated|^Client was closed|timeout exceeded/.test(error.message);
    return lost || OUTAGE.test(codeOf(error)) || this.isDamage(error);
  }

  private schema(generation: string): string {
    return `${this.prefix}_${generation}`;
  }

  private applicationName(generation: string): string {
    return `cairn ${this.schema(generation)}`;
  }

  private source(generation: string, connections: number, settings: string): DataSource {
    const { user, host, port, database, ssl } = this.server;
    const schema = this.schema(generation);
    const options: DataSourceOptions = {
      type: 'postgres',
      host,
      port,
      username: user,
      database,
      ssl,
      ...(this.options.password === undefined ? {} : { password: this.options.password }),
      entities,
      synchronize: false,
      installExtensions: false,
      schema,
      poolSize: connections,
      connectTimeoutMS: 10_000,
      applicationName: this.applicationName(generation),
      extra: { options: `-c search_path=${schema} ${settings}`, idleTimeoutMillis: 0, keepAlive: true },
    };
    return askingStorable(new DataSource(options));
  }

  private async asked<T>(questions: (client: Client) => Promise<T>): Promise<T> {
    const { password } = this.options;
    const client = new Client({
      ...this.server,
      application_name: 'cairn',
      ...(password === undefined ? {} : { password }),
    });
    await client.connect();
    try {
      return await questions(client);
    } finally {
      await client.end();
    }
  }
}
