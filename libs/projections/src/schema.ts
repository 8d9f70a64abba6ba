import type { DataSource } from 'typeorm';
import { projections } from './projections';
import type { EntityOf } from './runner/row-store';
import { CheckpointRow, LogHistoryRow, ParkedStreamRow } from './runner/rows';
import { tableSql } from './table-sql';

/** Every table of a generation. */
export const entities: EntityOf[] = [
  CheckpointRow,
  LogHistoryRow,
  ParkedStreamRow,
  ...projections.map(({ entity }) => entity),
];

/**
 * Makes the tables of a generation where it has none, all or nothing. A table is never altered: a changed shape is a new
 * table in a new generation.
 */
export async function makeTables(source: DataSource): Promise<void> {
  const dialect = source.options.type === 'postgres' ? 'postgres' : 'sqlite';
  await source.transaction(async (manager) => {
    const made = (await manager.queryRunner?.hasTable(source.getMetadata(CheckpointRow).tablePath)) ?? false;
    // a generation of 0.1.0 has no table of its log's history
    const missing = made ? [LogHistoryRow] : entities;
    for (const statement of missing.flatMap((entity) => tableSql(entity, dialect)))
      await manager.query(made ? statement.replace('TABLE', 'TABLE IF NOT EXISTS') : statement);
  });
}
