import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { putAside } from '@cairn/os';
import { Database, isDamage, requireSound } from '@cairn/sqlite';
import { DataSource } from 'typeorm';
import { GENERATION } from '../runner/generation';
import type { EntityOf } from '../runner/row-store';
import { bookkeeping, makeTables } from '../schema';
import { foundDamage } from './found-damage';
import type { Generations } from './generations';

const FILE = new RegExp(`^read-model-(${GENERATION})\\.sqlite$`);

/** SQLite's page cache, in KiB; its own default is an eighth of it. */
const CACHE = 'cache_size = -16000';

/** TypeORM's driver for better-sqlite3 drives whatever has that package's shape. */
interface Connection {
  readonly type: 'better-sqlite3';
  readonly driver: typeof Database;
  readonly database: string;
  readonly entities: EntityOf[];
  readonly synchronize: false;
}

/** One file a generation. */
export class SqliteGenerations implements Generations {
  constructor(private readonly directory: string) {}

  /** The folder is made with the first file. */
  ensureDatabase(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async openWriter(generation: string, rows: readonly EntityOf[]): Promise<DataSource> {
    await mkdir(this.directory, { recursive: true });
    const source = new DataSource({
      ...this.connection(generation, [...bookkeeping, ...rows]),
      enableWAL: true,
      prepareDatabase: (db: Database) => {
        db.pragma('synchronous = NORMAL');
        db.pragma(CACHE);
        db.pragma('wal_autocheckpoint = 4000');
      },
    });
    await source.initialize();
    try {
      await makeTables(source);
      return source;
    } catch (error) {
      await source.destroy();
      throw error;
    }
  }

  /** SQLite attaches ten files at most to the first, and opens them as it opens that one: for reading. */
  openReader([first = '', ...others]: readonly string[], tables: readonly EntityOf[]): Promise<DataSource> {
    return new DataSource({
      ...this.connection(first, [...tables]),
      readonly: true,
      prepareDatabase: (db: Database) => {
        db.pragma(CACHE);
        try {
          for (const other of others) db.prepare(`ATTACH DATABASE ? AS g${other}`).run(this.file(other));
        } catch (error) {
          db.close(); // TypeORM forgets a connection that could not be prepared
          throw error;
        }
      },
    }).initialize();
  }

  async all(): Promise<readonly string[]> {
    const names = await readdir(this.directory).catch(() => []);
    return names.flatMap((name) => FILE.exec(name)?.[1] ?? []);
  }

  /** Deletes the file and SQLite's files beside it. Open connections read on. */
  async remove(generation: string): Promise<boolean> {
    for (const suffix of ['', '-wal', '-shm']) await rm(`${this.file(generation)}${suffix}`, { force: true });
    return true;
  }

  async putAside(generation: string): Promise<void> {
    await putAside(this.file(generation), ['-wal', '-shm']);
  }

  unsound(generation: string, rows: readonly EntityOf[]): Promise<string | undefined> {
    const source = new DataSource({
      ...this.connection(generation, [...bookkeeping, ...rows]),
      readonly: true,
    });
    const read = async (): Promise<void> => {
      await requireSound((sql) => source.query(sql));
      for (const { target } of source.entityMetadatas) await source.manager.find(target, { take: 1 });
    };
    return foundDamage(source, read, isDamage);
  }

  isDamage(error: unknown): boolean {
    return isDamage(error);
  }

  isOutage(): boolean {
    return false;
  }

  private file(generation: string): string {
    return join(this.directory, `read-model-${generation}.sqlite`);
  }

  private connection(generation: string, entities: EntityOf[]): Connection {
    return { type: 'better-sqlite3', driver: Database, database: this.file(generation), entities, synchronize: false };
  }
}
