import type { DataSource } from 'typeorm';
import type { EntityOf } from '../runner/row-store';
import type { ReadModelDatabase } from './database';
import { PostgresGenerations } from './postgres';
import { SqliteGenerations } from './sqlite';

/** The generations of groups of read models that a database holds, each with tables of its own. */
export interface Generations {
  /**
   * Makes the database where there is none and this process may make one.
   * @returns what to tell an operator when it made one; undefined when there was one
   * @throws the database's error, or one that says that an operator must make it
   */
  ensureDatabase(): Promise<string | undefined>;

  /**
   * The connection that writes a generation: makes the tables where there are none. What they keep can be rebuilt from
   * the log.
   * @param rows those of the group; the tables of `bookkeeping` come with them
   */
  openWriter(generation: string, rows: readonly EntityOf[]): Promise<DataSource>;

  /**
   * Connections that cannot write, see only what is committed, and join the tables of several generations: of tables of
   * one name they see the first. Fails where a generation is not there.
   */
  openReader(generations: readonly string[], tables: readonly EntityOf[]): Promise<DataSource>;

  /** All generations that are there. */
  all(): Promise<readonly string[]>;

  /** Drops a generation with all its rows; false where another process uses it. */
  remove(generation: string): Promise<boolean>;

  /**
   * Moves a damaged generation out of the way, where the database can; else drops it.
   * @throws Error where another process uses it
   */
  putAside(generation: string): Promise<void>;

  /** Reads all of a generation. @returns what is wrong with it; undefined for nothing */
  unsound(generation: string, rows: readonly EntityOf[]): Promise<string | undefined>;

  /** True when an error says that a generation's tables are damaged. Then they are built again. */
  isDamage(error: unknown): boolean;

  /** True when an error says that the database does not answer, or not now. */
  isOutage(error: unknown): boolean;
}

export const generationsIn = (database: ReadModelDatabase): Generations =>
  database.type === 'sqlite' ? new SqliteGenerations(database.directory) : new PostgresGenerations(database);
