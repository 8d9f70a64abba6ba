import type { DataSource } from 'typeorm';
import type { Row } from '../projection';
import { isPlain, rowMaker } from './row-maker';
import type { EntityOf } from './row-store';
import type { Cells } from './session';

type Convert = (value: unknown) => unknown;

interface CodecColumn {
  /** Its name, quoted for SQL. */
  readonly name: string;
  readonly property: string;
  /** As the entity declares it: `varchar`, `integer`, … */
  readonly type: string;
  /** From the row's value to the parameter; undefined where they are the same. */
  readonly encode: Convert | undefined;
}

/**
 * One table's columns and how values become parameters and come back, worked out once: TypeORM's own way of writing costs
 * more than the database does. Names, quotes and converters are TypeORM's, so they are right for the database at hand.
 */
export class TableCodec {
  /** The table's name, quoted for SQL. */
  readonly table: string;
  readonly columns: readonly CodecColumn[];
  private readonly wheres = new Map<string, string>();
  /** Makes a row of the values that {@link selectSql} found. */
  readonly decode: (cells: Cells) => Row;

  constructor(
    private readonly dataSource: DataSource,
    entity: EntityOf,
  ) {
    const { driver } = dataSource;
    const metadata = dataSource.getMetadata(entity);
    const quoted = (name: string): string => driver.escape(name);
    this.table = metadata.tablePath.split('.').map(quoted).join('.');
    this.columns = metadata.columns.map((column) => ({
      name: quoted(column.databaseName),
      property: column.propertyName,
      type: String(column.type),
      encode: isPlain(column) ? undefined : (value): unknown => driver.preparePersistentValue(value, column) as unknown,
    }));
    this.decode = rowMaker(dataSource, metadata.columns);
  }

  column(property: string): CodecColumn {
    const found = this.columns.find((column) => column.property === property);
    if (found === undefined) throw new Error(`${this.table} has no column for ${property}`);
    return found;
  }

  /** `SELECT` of every column, up to and without `WHERE`. */
  get selectSql(): string {
    return `SELECT ${this.names} FROM ${this.table}`;
  }

  /** Rows that have one value in each of these columns. */
  selectWhereSql(properties: readonly string[]): string {
    const name = properties.join(' ');
    const known = this.wheres.get(name);
    if (known !== undefined) return known;
    const { driver } = this.dataSource;
    const equal = properties.map((property, i) => `${this.column(property).name} = ${driver.createParameter('', i)}`);
    const sql = `${this.selectSql} WHERE ${equal.join(' AND ')}`;
    this.wheres.set(name, sql);
    return sql;
  }

  /** The value of one property as a parameter. */
  parameter(property: string, value: unknown): unknown {
    const { encode } = this.column(property);
    return encode === undefined ? value : encode(value);
  }

  /** What follows the values of an `INSERT` that replaces the rows that exist. */
  replaceSql(): string {
    const { name: key } = this.column('id');
    const replaced = this.columns.filter(({ name }) => name !== key).map(({ name }) => `${name} = excluded.${name}`);
    return `ON CONFLICT (${key}) DO UPDATE SET ${replaced.join(', ')}`;
  }

  get names(): string {
    return this.columns.map(({ name }) => name).join(', ');
  }
}
