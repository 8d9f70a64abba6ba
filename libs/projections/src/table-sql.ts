import { getMetadataArgsStorage } from 'typeorm';
import type { ColumnMetadataArgs } from 'typeorm/metadata-args/ColumnMetadataArgs';
import type { EntityOf } from './runner/row-store';

export type Dialect = 'sqlite' | 'postgres';

/**
 * The statements that make the table of a row class and its indexes. The class alone lists columns and indexes
 * (`columns.ts`); the column named `id` is the primary key.
 * @throws Error for a class without `@Entity`
 */
export function tableSql(entity: EntityOf, dialect: Dialect): readonly string[] {
  const { tables, columns, indices } = getMetadataArgsStorage();
  const table = tables.find(({ target }) => target === entity)?.name;
  if (table === undefined) throw new Error(`${entity.name} is no table`);
  const own = columns.filter(({ target }) => target === entity);
  const names = new Map(own.map((column) => [column.propertyName, nameOf(column)]));
  const definitions = own.map((column) => definitionOf(column, dialect));
  const indexes = indices.flatMap(({ target, name, columns: on }) => {
    if (target !== entity || !Array.isArray(on)) return [];
    return [`CREATE INDEX ${String(name)} ON ${table} (${on.map((each) => String(names.get(each))).join(', ')})`];
  });
  return [`CREATE TABLE ${table} (${definitions.join(', ')}, PRIMARY KEY (id))`, ...indexes];
}

const nameOf = ({ options, propertyName }: ColumnMetadataArgs): string => options.name ?? propertyName;

/** Text compares byte by byte in PostgreSQL too, whatever the collation of the database is. */
function definitionOf(column: ColumnMetadataArgs, dialect: Dialect): string {
  const { type, length, collation, nullable = false } = column.options;
  const sized = length === undefined ? String(type) : `${String(type)}(${String(length)})`;
  const collated = dialect === 'postgres' && collation !== undefined ? ` COLLATE "${collation}"` : '';
  return `${nameOf(column)} ${sized}${collated}${nullable ? '' : ' NOT NULL'}`;
}
