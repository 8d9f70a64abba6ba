import { DamagedDatabase, Database, hasCode, isDamage, requireSound } from '@cairn/sqlite';
import {
  Column,
  DataSource,
  Entity,
  type MigrationInterface,
  PrimaryColumn,
  type QueryRunner,
  Table,
  type TableOptions,
} from 'typeorm';
import type { Position } from '@cairn/event-store';

import type { DueEntry, DueIndex } from './due-index';

@Entity('due_stream_v1')
class DueStreamRow {
  @PrimaryColumn('varchar') stream!: string;
  @Column('varchar') revision!: string;
  @Column('varchar', { name: 'next_due_at' }) nextDueAt!: string;
  @Column('integer') attempts!: number;
  @Column('text', { name: 'last_error', nullable: true }) lastError!: string | null;
}

@Entity('due_checkpoint_v1')
class DueCheckpointRow {
  @PrimaryColumn('varchar') name!: string;
  @Column('varchar') position!: string;
}

@Entity('due_history_v1')
class DueHistoryRow {
  @PrimaryColumn('varchar') name!: string;
  @Column('varchar') history!: string;
}

/** A migration that makes tables. @param name TypeORM orders migrations by the 13 digits at its end */
const creates = (name: string, ...tables: readonly TableOptions[]): new () => MigrationInterface =>
  class implements MigrationInterface {
    readonly name = name;

    async up(runner: QueryRunner): Promise<void> {
      for (const table of tables) await runner.createTable(new Table(table));
    }

    async down(runner: QueryRunner): Promise<void> {
      for (const table of tables.toReversed()) await runner.dropTable(table.name);
    }
  };

const CreateDueIndex1 = creates(
  'CreateDueIndex1764000000001',
  {
    name: 'due_stream_v1',
    columns: [
      { name: 'stream', type: 'varchar', isPrimary: true },
      { name: 'revision', type: 'varchar' },
      { name: 'next_due_at', type: 'varchar' },
      { name: 'attempts', type: 'integer' },
      { name: 'last_error', type: 'text', isNullable: true },
    ],
  },
  {
    name: 'due_checkpoint_v1',
    columns: [
      { name: 'name', type: 'varchar', isPrimary: true },
      { name: 'position', type: 'varchar' },
    ],
  },
);

const CreateDueIndex2 = creates('CreateDueIndex1795692600001', {
  name: 'due_history_v1',
  columns: [
    { name: 'name', type: 'varchar', isPrimary: true },
    { name: 'history', type: 'varchar' },
  ],
});

/** What is written here fits its tables: where SQLite says that it does not, they are others. */
const OTHER_TABLES = ['SQLITE_CONSTRAINT', 'SQLITE_MISMATCH'];

/** True when an error says that the file is damaged, and not that it cannot be read or written now. */
export function isDamagedIndex(error: unknown): boolean {
  const { driverError = error } = Object(error) as { readonly driverError?: unknown };
  return isDamage(error) || OTHER_TABLES.some((code) => hasCode(driverError, code));
}

const CHECKPOINT = 'process-runner';
const CHUNK = 100;

/** The index of owed work in a database file of its own: a cache, found again from the log when it is gone. */
export class SqlDueIndex implements DueIndex {
  private constructor(private readonly source: DataSource) {}

  static async open(file: string): Promise<SqlDueIndex> {
    const source = new DataSource({
      type: 'better-sqlite3',
      driver: Database,
      database: file,
      entities: [DueStreamRow, DueCheckpointRow, DueHistoryRow],
      migrations: [CreateDueIndex1, CreateDueIndex2],
      migrationsRun: true,
      enableWAL: true,
      // a cache: what the last moments before a loss of power wrote is found again from the log
      prepareDatabase: (db: Database) => {
        db.pragma('synchronous = NORMAL');
      },
    });
    try {
      await source.initialize();
      return new SqlDueIndex(source);
    } catch (error) {
      await source.destroy().catch(() => undefined);
      throw error;
    }
  }

  /** Reads all of the file. @throws an error that `isDamagedIndex` when it is not sound */
  check(): Promise<void> {
    return requireSound((sql) => this.source.query(sql));
  }

  async keepOf(history: string | null): Promise<void> {
    const before = await this.source.manager.findOneBy(DueHistoryRow, { name: CHECKPOINT });
    if ((before?.history ?? null) === history) return;
    await this.source.transaction(async (rows) => {
      for (const entity of [DueStreamRow, DueCheckpointRow, DueHistoryRow]) await rows.clear(entity);
      if (history !== null) await rows.insert(DueHistoryRow, { name: CHECKPOINT, history });
    });
  }

  async load(): ReturnType<DueIndex['load']> {
    const checkpoint = await this.source.manager.findOneBy(DueCheckpointRow, { name: CHECKPOINT });
    const entries = await this.source.manager.find(DueStreamRow, { order: { nextDueAt: 'ASC' } });
    const position = checkpoint?.position;
    if (position !== undefined && !/^\d{1,19}$/.test(position)) throw new DamagedDatabase(`no position: ${position}`);
    return { checkpoint: position === undefined ? undefined : BigInt(position), entries };
  }

  async commit(changes: ReadonlyMap<string, DueEntry | null>, checkpoint: Position | undefined): Promise<void> {
    const written = [...changes.values()].filter((entry): entry is DueEntry => entry !== null);
    const gone = [...changes].filter(([, entry]) => entry === null).map(([stream]) => stream);
    await this.source.transaction(async (rows) => {
      for (let i = 0; i < written.length; i += CHUNK) {
        await rows.upsert(DueStreamRow, written.slice(i, i + CHUNK), ['stream']);
      }
      for (let i = 0; i < gone.length; i += CHUNK) await rows.delete(DueStreamRow, gone.slice(i, i + CHUNK));
      if (checkpoint === undefined) return;
      await rows.upsert(DueCheckpointRow, { name: CHECKPOINT, position: String(checkpoint) }, ['name']);
    });
  }

  async close(): Promise<void> {
    await this.source.destroy();
  }
}
