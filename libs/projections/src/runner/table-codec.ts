import type { DataSource } from 'typeorm';
import type { Row } from '../projection';
import type { EntityOf } from './row-store';

type Values = Record<string, unknown>;
type Convert = (value: unknown) => unknown;

/**
 * One table's rows to SQL and back, worked out once: TypeORM's own way of writing costs more than the database does.
 * Column names, converters, quotes and parameters are TypeORM's, so the SQL is right for the database at hand.
 */
export class TableCodec {
  private readonly statements = new Map<string, string>();
  private readonly table: string;
  private readonly columns: readonly string[];
  private readonly properties: readonly string[];
  private readonly encoders: readonly (Convert | undefined)[];
  private readonly decoders: readonly (readonly [string, Convert])[];

  constructor(
    private readonly dataSource: DataSource,
    entity: EntityOf,
  ) {
    const { driver } = dataSource;
    const metadata = dataSource.getMetadata(entity);
    const plain = ({ type, transformer }: (typeof metadata.columns)[number]): boolean =>
      type !== 'boolean' && transformer === undefined;
    this.table = metadata.tablePath.split('.').map(this.quoted).join('.');
    this.columns = metadata.columns.map(({ databaseName }) => this.quoted(databaseName));
    this.properties = metadata.columns.map(({ propertyName }) => propertyName);
    this.encoders = metadata.columns.map((column) =>
      plain(column) ? undefined : (value): unknown => driver.preparePersistentValue(value, column),
    );
    this.decoders = metadata.columns
      .filter((column) => !plain(column))
      .map((column) => [column.propertyName, (value): unknown => driver.prepareHydratedValue(value, column)]);
  }

  /** How many columns, that is parameters, a row has. */
  get width(): number {
    return this.columns.length;
  }

  /** Rows by `count` values of one property. */
  selectSql(property: string, count: number): string {
    return this.once(`select ${property} ${String(count)}`, () => this.select(property, count));
  }

  /** Rows that have one value in each of these columns. */
  selectWhereSql(properties: readonly string[]): string {
    return this.once(`where ${properties.join(' ')}`, () => {
      const { driver } = this.dataSource;
      const equal = properties.map((property, i) => `${this.column(property)} = ${driver.createParameter('', i)}`);
      return `SELECT ${this.shown()} FROM ${this.table} WHERE ${equal.join(' AND ')}`;
    });
  }

  /** The value of one property as a parameter. */
  parameter(property: string, value: unknown): unknown {
    const encode = this.encoders[this.properties.indexOf(property)];
    return encode === undefined ? value : encode(value);
  }

  deleteSql(count: number): string {
    return this.once(`delete ${String(count)}`, () => {
      return `DELETE FROM ${this.table} WHERE ${this.column('id')} IN (${this.list(0, count)})`;
    });
  }

  deleteAllSql(): string {
    return `DELETE FROM ${this.table}`;
  }

  /** Inserts or replaces `count` whole rows. */
  upsertSql(count: number): string {
    return this.once(`upsert ${String(count)}`, () => this.upsert(count));
  }

  private select(property: string, count: number): string {
    return `SELECT ${this.shown()} FROM ${this.table} WHERE ${this.column(property)} IN (${this.list(0, count)})`;
  }

  private shown(): string {
    return this.columns.map((column, i) => `${column} AS ${this.quoted(this.properties[i] ?? '')}`).join(', ');
  }

  private upsert(count: number): string {
    const rows = Array.from({ length: count }, (_, i) => `(${this.list(i * this.width, this.width)})`);
    const key = this.column('id');
    const replaced = this.columns.filter((column) => column !== key).map((column) => `${column} = excluded.${column}`);
    return (
      `INSERT INTO ${this.table} (${this.columns.join(', ')}) VALUES ${rows.join(', ')} ` +
      `ON CONFLICT (${key}) DO UPDATE SET ${replaced.join(', ')}`
    );
  }

  /** The parameters of rows, one row after the other. */
  encode(rows: readonly Row[]): unknown[] {
    const parameters: unknown[] = [];
    for (const row of rows) {
      const values = row as unknown as Values;
      for (let i = 0; i < this.width; i += 1) {
        const value = values[this.properties[i] as string];
        const encode = this.encoders[i];
        parameters.push(encode === undefined ? value : encode(value));
      }
    }
    return parameters;
  }

  /** A row that `selectSql` found. */
  decode(found: Values): Row {
    for (const [property, decode] of this.decoders) found[property] = decode(found[property]);
    return found as unknown as Row;
  }

  private once(name: string, make: () => string): string {
    const known = this.statements.get(name);
    if (known !== undefined) return known;
    const sql = make();
    this.statements.set(name, sql);
    return sql;
  }

  private readonly quoted = (name: string): string => this.dataSource.driver.escape(name);

  private column(property: string): string {
    const at = this.properties.indexOf(property);
    if (at < 0) throw new Error(`${this.table} has no column for ${property}`);
    return this.columns[at] as string;
  }

  private list(from: number, count: number): string {
    const { driver } = this.dataSource;
    return Array.from({ length: count }, (_, i) => driver.createParameter('', from + i)).join(', ');
  }
}
