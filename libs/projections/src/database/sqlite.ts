import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { DataSource } from 'typeorm';
import { GENERATION } from '../runner/generation';
import type { EntityOf } from '../runner/row-store';
import { bookkeeping, makeTables } from '../schema';
import { codeOf } from './error-code';
import type { Generations } from './generations';

const FILE = new RegExp(`^read-model-(${GENERATION})\\.sqlite$`);

const DAMAGE: ReadonlySet<string> = new Set(['SQLITE_NOTADB', 'SQLITE_CORRUPT', 'SQLITE_ERROR']);

interface Connection {
  readonly type: 'better-sqlite3';
  readonly database: string;
  readonly entities: EntityOf[];
  readonly synchronize: false;
}

/** One file a generation. */
export class SqliteGenerations implements Generations {
  constructor(private readonly directory: string) {}

  async openWriter(generation: string, rows: readonly EntityOf[]): Promise<DataSource> {
    await mkdir(this.directory, { recursive: true });
    const source = new DataSource({
      ...this.connection(generation, [...bookkeeping, ...rows]),
      enableWAL: true,
      prepareDatabase: (db: Database) => {
        db.pragma('synchronous = NORMAL');
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
      fileMustExist: true,
      prepareDatabase: (db: Database) => {
        for (const other of others) db.prepare(`ATTACH DATABASE ? AS g${other}`).run(this.file(other));
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

  isDamage(error: unknown): boolean {
    return DAMAGE.has(codeOf(error));
  }

  isOutage(): boolean {
    return false;
  }

  private file(generation: string): string {
    return join(this.directory, `read-model-${generation}.sqlite`);
  }

  private connection(generation: string, entities: EntityOf[]): Connection {
    return { type: 'better-sqlite3', database: this.file(generation), entities, synchronize: false };
  }
}
