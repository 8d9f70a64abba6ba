import type { DataSource } from 'typeorm';
import { projections } from './projections';
import type { EntityOf } from './runner/row-store';
import { CheckpointRow, LogHistoryRow, ParkedStreamRow } from './runner/rows';
import { tableSql } from './table-sql';

/** The tables that say how far a generation has come. */
export const bookkeeping: readonly EntityOf[] = [CheckpointRow, LogHistoryRow, ParkedStreamRow];

/** Every table. */
export const entities: readonly EntityOf[] = [...bookkeeping, ...projections.map(({ entity }) => entity)];

/**
 * Makes the tables of a generation where it has none, all or nothing. A table is never altered: a changed shape is a new
 * table in a new generation.
 */
export async function makeTables(source: DataSource): Promise<void> {
  const dialect = source.options.type === 'postgres' ? 'postgres' : 'sqlite';
  await source.transaction(async (manager) => {
    if (await manager.queryRunner?.hasTable(source.getMetadata(CheckpointRow).tablePath)) return;
    for (const { target } of source.entityMetadatas)
      for (const statement of tableSql(target as EntityOf, dialect)) await manager.query(statement);
  });
}
