import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Text compares byte by byte, as it does in SQLite, whatever the collation of the database is. */
const collated = (column: string): string => column.replace(/^(\w+ (?:varchar\(\d+\)|text))/, '$1 COLLATE "C"');

/**
 * A migration that makes one table, in SQL that SQLite and PostgreSQL both take. A table is never altered: a changed
 * shape is a new table in a new generation.
 * @param writtenAt when the migration was written, as Date milliseconds: TypeORM orders migrations by it.
 * @param columns column definitions; the one named `id` is the primary key.
 * @param indexes index name -> its columns.
 */
export function creates(
  table: string,
  writtenAt: number,
  columns: readonly string[],
  indexes: Readonly<Record<string, string>> = {},
): new () => MigrationInterface {
  return class implements MigrationInterface {
    readonly name = `${table}-${String(writtenAt)}`;

    async up(runner: QueryRunner): Promise<void> {
      const postgres = runner.dataSource.options.type === 'postgres';
      const made = postgres ? columns.map(collated) : columns;
      await runner.query(`CREATE TABLE ${table} (${made.join(', ')}, PRIMARY KEY (id))`);
      for (const [index, on] of Object.entries(indexes)) {
        await runner.query(`CREATE INDEX ${index} ON ${table} (${on})`);
      }
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query(`DROP TABLE ${table}`);
    }
  };
}
