import type { DataSource } from 'typeorm';
import type { ReadModelDatabase } from './database';
import { PostgresGenerations } from './postgres';
import { SqliteGenerations } from './sqlite';

/** The generations of read models that a database holds, each with tables of its own. */
export interface Generations {
  /** The connection that writes: makes the tables where they are missing. What they keep can be rebuilt from the log. */
  openWriter(generation: string): Promise<DataSource>;

  /** Connections that cannot write, and see only what is committed. Fails where the generation is not there. */
  openReader(generation: string): Promise<DataSource>;

  /** The generations that are there, other than one. */
  others(generation: string): Promise<readonly string[]>;

  /** Drops a generation with all its rows; false where another process uses it. */
  remove(generation: string): Promise<boolean>;

  /** True when an error says that a generation's tables are not what they must be. Then they are made anew. */
  isDamage(error: unknown): boolean;

  /** True when an error says that the database does not answer, or not now. */
  isOutage(error: unknown): boolean;
}

export const generationsIn = (database: ReadModelDatabase): Generations =>
  database.type === 'sqlite' ? new SqliteGenerations(database.directory) : new PostgresGenerations(database);
