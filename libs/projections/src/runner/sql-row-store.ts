import type { DataSource, EntityManager } from 'typeorm';
import { CheckpointMoved } from '../errors';
import type { Row } from '../projection';
import { type BulkSql, PostgresBulkSql, SqliteBulkSql, type Statement } from './bulk-sql';
import type { OnUnreadable } from './row-maker';
import type { Checkpoint, EntityOf, RowStore, RowTransaction } from './row-store';
import { CheckpointRow, LogHistoryRow, ParkedStreamRow } from './rows';
import { type Session, type Sessions, sessionsOf } from './session';
import { TableCodec } from './table-codec';

/** The one checkpoint of a generation's database. */
const CHECKPOINT = 'log';

/** A position that none is before. */
const START = ''.padStart(20, '0');

interface Table {
  readonly codec: TableCodec;
  readonly sql: BulkSql;
}

/** The tables of one generation in SQL, through a connection of their own: readers never see half a batch. */
export class SqlRowStore implements RowStore {
  private readonly tables = new Map<EntityOf, Table>();
  private readonly moveSql: string;
  private readonly sessions: Sessions;

  /** @param dataSource migrated; used by nobody else. */
  constructor(
    private readonly dataSource: DataSource,
    private readonly onUnreadable?: OnUnreadable,
  ) {
    const { table, columns } = this.table(CheckpointRow).codec;
    const [to, id, from] = [this.placeholder(0), this.placeholder(1), this.placeholder(2)];
    this.moveSql = `UPDATE ${table} SET position = ${to} WHERE id = ${id} AND position = ${from} RETURNING ${columns[0]?.name ?? ''}`;
    this.sessions = sessionsOf(dataSource);
  }

  async checkpoint(): Promise<Checkpoint> {
    const { manager } = this.dataSource;
    const row = await manager.findOneBy(CheckpointRow, { id: CHECKPOINT });
    const parked = await manager.find(ParkedStreamRow, { select: { id: true } });
    const position = row === null || row.position === START ? null : row.position;
    return { position, built: row?.built ?? false, parked: new Set(parked.map(({ id }) => id)) };
  }

  async advance(from: string | null, to: string, work: (rows: RowTransaction) => Promise<void>): Promise<void> {
    if (from === null) await this.ensureCheckpoint(this.dataSource.manager);
    await this.sessions.transaction(async (session) => {
      // first, so that the rows are read under the lock that this takes
      const moved = await session.rows({ sql: this.moveSql, parameters: [to, CHECKPOINT, from ?? START] });
      if (moved.length !== 1) throw new CheckpointMoved(from ?? 'the start');
      await work(this.rowsOf(session));
    });
  }

  async markBuilt(): Promise<void> {
    await this.ensureCheckpoint(this.dataSource.manager);
    await this.dataSource.manager.update(CheckpointRow, { id: CHECKPOINT }, { built: true });
  }

  async history(): Promise<string | null> {
    const row = await this.dataSource.manager.findOneBy(LogHistoryRow, { id: CHECKPOINT });
    return row?.history ?? null;
  }

  async reset(history: string | null, before?: string | null): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      if (before !== undefined && !(await this.claim(manager, history, before))) return;
      for (const { target } of this.dataSource.entityMetadatas) {
        await manager.query(`DELETE FROM ${this.table(target as EntityOf).codec.table}`);
      }
      if (history !== null) await manager.insert(LogHistoryRow, { id: CHECKPOINT, history });
    });
  }

  /** Claims the right to start over: of several controllers that find the rows worthless one does, the others wait here. */
  private async claim(manager: EntityManager, history: string | null, before: string | null): Promise<boolean> {
    if (before === null && history === null) return true; // no row to tell by
    const { table } = this.table(LogHistoryRow).codec;
    const [id, text] = [this.placeholder(0), this.placeholder(1)];
    const sql =
      before === null
        ? `INSERT INTO ${table} (id, history) VALUES (${id}, ${text}) ON CONFLICT DO NOTHING RETURNING id`
        : `DELETE FROM ${table} WHERE id = ${id} AND history = ${text} RETURNING id`;
    const claimed = await this.sessions.of(manager).rows({ sql, parameters: [CHECKPOINT, before ?? history] });
    return claimed.length === 1;
  }

  private placeholder(index: number): string {
    return this.dataSource.driver.createParameter('', index);
  }

  load(entity: EntityOf, keys: readonly string[]): Promise<readonly Row[]> {
    return this.select(entity, 'id', keys);
  }

  select(entity: EntityOf, column: string, values: readonly string[]): Promise<readonly Row[]> {
    return this.found(this.sessions.of(this.dataSource.manager), entity, column, values);
  }

  private async ensureCheckpoint(manager: EntityManager): Promise<void> {
    const start: CheckpointRow = { id: CHECKPOINT, position: START, built: false };
    await manager.createQueryBuilder().insert().into(CheckpointRow).values(start).orIgnore().execute();
  }

  private rowsOf(session: Session): RowTransaction {
    const write = async (statements: Iterable<Statement>): Promise<void> => {
      for (const statement of statements) {
        const done = session.rows(statement);
        if (done instanceof Promise) await done;
      }
    };
    const put = (entity: EntityOf, rows: readonly Row[]): Promise<void> => write(this.table(entity).sql.upsert(rows));
    return {
      load: (entity, keys) => this.found(session, entity, 'id', keys),
      select: (entity, column, values) => this.found(session, entity, column, values),
      put,
      remove: (entity, keys) => write(this.table(entity).sql.remove(keys)),
      park: (streams) => put(ParkedStreamRow, streams),
    };
  }

  private async found(
    session: Session,
    entity: EntityOf,
    column: string,
    values: readonly string[],
  ): Promise<readonly Row[]> {
    const { codec, sql } = this.table(entity);
    const rows: Row[] = [];
    for (const statement of sql.select(column, values)) {
      for (const cells of await session.rows(statement)) rows.push(codec.decode(cells));
    }
    return rows;
  }

  private table(entity: EntityOf): Table {
    const known = this.tables.get(entity);
    if (known !== undefined) return known;
    const codec = new TableCodec(this.dataSource, entity, this.onUnreadable);
    const postgres = this.dataSource.options.type === 'postgres';
    const table = { codec, sql: postgres ? new PostgresBulkSql(codec) : new SqliteBulkSql(codec) };
    this.tables.set(entity, table);
    return table;
  }
}
