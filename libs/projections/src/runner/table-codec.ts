import type { DataSource, EntityMetadata } from 'typeorm';
import type { Row } from '../projection';
import { isPlain, type OnUnreadable, rowMaker } from './row-maker';
import type { EntityOf } from './row-store';
import type { Cells } from './session';

type Convert = (value: unknown) => unknown;

/** That are kept ready: of lists, the columns depend on what a client sorts by. */
const MOST_SELECTIONS = 100;

export interface CodecColumn {
  /** Its name, quoted for SQL. */
  readonly name: string;
  readonly property: string;
  /** As the entity declares it: `varchar`, `integer`, … */
  readonly type: string;
  readonly nullable: boolean;
  /** From the row's value to the parameter; undefined where they are the same. */
  readonly encode: Convert | undefined;
}

/** What reads some columns of a table. */
interface Selection {
  /** Up to and without `WHERE`. */
  readonly sql: string;
  /** Makes a row of the values that the statement found. */
  readonly decode: (cells: Cells) => Row;
}

/**
 * One table's columns and how values become parameters and come back, worked out once: TypeORM's own way of writing costs
 * more than the database does. Names, quotes and converters are TypeORM's, so they are right for the database at hand.
 */
export class TableCodec {
  /** The table's name, quoted for SQL. */
  readonly table: string;
  readonly columns: readonly CodecColumn[];
  private readonly metadata: EntityMetadata;
  private readonly byProperty: ReadonlyMap<string, CodecColumn>;
  private readonly wheres = new Map<string, string>();
  private readonly selections = new Map<string, Selection>();
  /** Of every column, up to and without `WHERE`. */
  readonly selectSql: string;
  /** Makes a row of the values that {@link selectSql} found. */
  readonly decode: (cells: Cells) => Row;

  constructor(
    private readonly dataSource: DataSource,
    entity: EntityOf,
    private readonly onUnreadable?: OnUnreadable,
  ) {
    const { driver } = dataSource;
    const metadata = dataSource.getMetadata(entity);
    this.metadata = metadata;
    const quoted = (name: string): string => driver.escape(name);
    this.table = metadata.tablePath.split('.').map(quoted).join('.');
    this.columns = metadata.columns.map((column) => ({
      name: quoted(column.databaseName),
      property: column.propertyName,
      type: String(column.type),
      nullable: column.isNullable,
      encode: isPlain(column) ? undefined : (value): unknown => driver.preparePersistentValue(value, column) as unknown,
    }));
    this.byProperty = new Map(this.columns.map((column) => [column.property, column]));
    ({ sql: this.selectSql, decode: this.decode } = this.selection());
  }

  column(property: string): CodecColumn {
    const found = this.byProperty.get(property);
    if (found === undefined) throw new Error(`${this.table} has no column for ${property}`);
    return found;
  }

  /** @param properties those to read; all unless given. They may be repeated. */
  selection(properties?: readonly string[]): Selection {
    const name = properties?.join(' ') ?? '*';
    const known = this.selections.get(name);
    if (known !== undefined) return known;
    const wanted = properties === undefined ? undefined : new Set(properties);
    const read = this.metadata.columns.filter(({ propertyName }) => wanted?.has(propertyName) ?? true);
    const names = read.map(({ propertyName }) => this.column(propertyName).name);
    const selection = {
      sql: `SELECT ${names.join(', ')} FROM ${this.table}`,
      decode: rowMaker(this.dataSource, read, this.onUnreadable),
    };
    if (this.selections.size >= MOST_SELECTIONS) this.selections.clear();
    this.selections.set(name, selection);
    return selection;
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

const codecs = new WeakMap<DataSource, Map<EntityOf, TableCodec>>();

/** The codec of a table in one database. */
export function codecOf(source: DataSource, entity: EntityOf): TableCodec {
  const ofSource = codecs.get(source) ?? new Map<EntityOf, TableCodec>();
  if (ofSource.size === 0) codecs.set(source, ofSource);
  const known = ofSource.get(entity);
  if (known !== undefined) return known;
  const made = new TableCodec(source, entity);
  ofSource.set(entity, made);
  return made;
}
