import type { DataSource, EntityManager } from 'typeorm';
import { CheckpointMoved } from '../errors';
import type { Row } from '../projection';
import { padded, powersOfTwo } from './chunks';
import type { Checkpoint, EntityOf, RowStore, RowTransaction } from './row-store';
import { CheckpointRow, ParkedStreamRow } from './rows';
import { TableCodec } from './table-codec';

/** The one checkpoint of a generation's database. */
const CHECKPOINT = 'log';

/** A position that none is before. */
const START = ''.padStart(20, '0');

/** The tables of one generation in SQL, through a connection of their own: readers never see half a batch. */
export class SqlRowStore implements RowStore {
  private readonly codecs = new Map<EntityOf, TableCodec>();
  private readonly moveSql: string;

  /** @param dataSource migrated; used by nobody else. */
  constructor(private readonly dataSource: DataSource) {
    const { driver } = dataSource;
    const { tablePath } = dataSource.getMetadata(CheckpointRow);
    const [to, id, from] = [0, 1, 2].map((i) => driver.createParameter('', i)) as [string, string, string];
    this.moveSql = `UPDATE ${tablePath} SET position = ${to} WHERE id = ${id} AND position = ${from}`;
  }

  async checkpoint(): Promise<Checkpoint> {
    const { manager } = this.dataSource;
    const row = await manager.findOneBy(CheckpointRow, { id: CHECKPOINT });
    const parked = await manager.find(ParkedStreamRow, { select: { id: true } });
    const position = row === null || row.position === START ? null : row.position;
    return { position, built: row?.built ?? false, parked: new Set(parked.map(({ id }) => id)) };
  }

  async advance(from: string | null, to: string, work: (rows: RowTransaction) => Promise<void>): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      // first, so that the rows are read under the lock that this takes
      await this.moveCheckpoint(manager, from, to);
      await work(this.rowsOf(manager));
    });
  }

  async markBuilt(): Promise<void> {
    await this.ensureCheckpoint(this.dataSource.manager);
    await this.dataSource.manager.update(CheckpointRow, { id: CHECKPOINT }, { built: true });
  }

  async reset(): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      for (const { target } of this.dataSource.entityMetadatas) {
        await manager.query(this.codec(target as EntityOf).deleteAllSql());
      }
    });
  }

  private async moveCheckpoint(manager: EntityManager, from: string | null, to: string): Promise<void> {
    if (from === null) await this.ensureCheckpoint(manager);
    const moved = await manager.queryRunner?.query(this.moveSql, [to, CHECKPOINT, from ?? START], true);
    if (moved?.affected !== 1) throw new CheckpointMoved(from ?? 'the start');
  }

  private async ensureCheckpoint(manager: EntityManager): Promise<void> {
    const start: CheckpointRow = { id: CHECKPOINT, position: START, built: false };
    await manager.createQueryBuilder().insert().into(CheckpointRow).values(start).orIgnore().execute();
  }

  private rowsOf(manager: EntityManager): RowTransaction {
    return {
      load: (entity, keys) => this.select(manager, entity, 'id', keys),
      select: (entity, column, values) => this.select(manager, entity, column, values),
      put: (entity, rows) => this.put(manager, entity, rows),
      remove: async (entity, keys) => {
        const codec = this.codec(entity);
        for (const piece of padded(keys)) await manager.query(codec.deleteSql(piece.length), [...piece]);
      },
      park: (streams) => this.put(manager, ParkedStreamRow, streams),
    };
  }

  private async select(
    manager: EntityManager,
    entity: EntityOf,
    column: string,
    values: readonly string[],
  ): Promise<readonly Row[]> {
    const codec = this.codec(entity);
    const rows: Row[] = [];
    for (const piece of padded(values)) {
      const found = await manager.query<Record<string, unknown>[]>(codec.selectSql(column, piece.length), [...piece]);
      for (const row of found) rows.push(codec.decode(row));
    }
    return rows;
  }

  private async put(manager: EntityManager, entity: EntityOf, rows: readonly Row[]): Promise<void> {
    const codec = this.codec(entity);
    for (const piece of powersOfTwo(rows)) await manager.query(codec.upsertSql(piece.length), codec.encode(piece));
  }

  private codec(entity: EntityOf): TableCodec {
    const known = this.codecs.get(entity);
    if (known !== undefined) return known;
    const codec = new TableCodec(this.dataSource, entity);
    this.codecs.set(entity, codec);
    return codec;
  }
}
