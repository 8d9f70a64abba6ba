import { own } from '@cairn/domain';
import { storable } from '../database/postgres-text';
import type { Row } from '../projection';
import type { TableCodec } from './table-codec';

export interface Statement {
  readonly sql: string;
  readonly parameters: unknown[];
}

/** One table's bulk statements in the words of one database. Every list may be long and is not empty. */
export interface BulkSql {
  /** Rows by the values of one property, for `codec.decode`. */
  select(property: string, values: readonly string[]): Iterable<Statement>;
  remove(keys: readonly string[]): Iterable<Statement>;
  /** Inserts or replaces whole rows. */
  upsert(rows: readonly Row[]): Iterable<Statement>;
}

type Values = Readonly<Record<string, unknown>>;

/** Statements of few different lengths, so that each is prepared once. */
const LARGEST = 64;

/** SQLite: one row a statement, run many times; lists of keys in lengths that are powers of two. */
export class SqliteBulkSql implements BulkSql {
  private readonly selects = new Map<string, string>();
  private readonly upsertSql: string;
  private readonly deleteSql: string;

  constructor(private readonly codec: TableCodec) {
    const { table, names, columns } = codec;
    const values = columns.map(() => '?').join(', ');
    this.upsertSql = `INSERT INTO ${table} (${names}) VALUES (${values}) ${codec.replaceSql()}`;
    this.deleteSql = `DELETE FROM ${table} WHERE ${codec.column('id').name} = ?`;
  }

  *select(property: string, values: readonly string[]): Iterable<Statement> {
    for (let from = 0; from < values.length; from += LARGEST) {
      const parameters = values.slice(from, from + LARGEST);
      const length = 2 ** Math.ceil(Math.log2(parameters.length));
      while (parameters.length < length) parameters.push(parameters[0] as string);
      yield { sql: this.selectSql(property, length), parameters };
    }
  }

  *remove(keys: readonly string[]): Iterable<Statement> {
    for (const key of keys) yield { sql: this.deleteSql, parameters: [key] };
  }

  *upsert(rows: readonly Row[]): Iterable<Statement> {
    const { columns } = this.codec;
    for (const row of rows) {
      const values = row as unknown as Values;
      const parameters: unknown[] = [];
      for (const { property, encode } of columns) {
        // eslint-disable-next-line cairn/own-keys -- columns are the names of an entity's properties
        const value = values[property];
        parameters.push(encode === undefined ? value : encode(value));
      }
      yield { sql: this.upsertSql, parameters };
    }
  }

  private selectSql(property: string, length: number): string {
    const name = `${property} ${String(length)}`;
    const known = this.selects.get(name);
    if (known !== undefined) return known;
    const list = Array.from({ length }, () => '?').join(', ');
    const sql = `${this.codec.selectSql} WHERE ${this.codec.column(property).name} IN (${list})`;
    this.selects.set(name, sql);
    return sql;
  }
}

const ARRAYS: Readonly<Record<string, string>> = {
  varchar: 'text[]',
  text: 'text[]',
  integer: 'integer[]',
  bigint: 'bigint[]',
  boolean: 'boolean[]',
  'double precision': 'double precision[]',
};

/** PostgreSQL: one statement a table, its columns as arrays. */
export class PostgresBulkSql implements BulkSql {
  private readonly upsertSql: string;
  private readonly deleteSql: string;

  constructor(private readonly codec: TableCodec) {
    const { table, names, columns } = codec;
    const arrays = columns.map(({ type }, i) => `$${String(i + 1)}::${arrayOf(type)}`);
    this.upsertSql = `INSERT INTO ${table} (${names}) SELECT * FROM unnest(${arrays.join(', ')}) ${codec.replaceSql()}`;
    this.deleteSql = `DELETE FROM ${table} WHERE ${codec.column('id').name} = ANY($1::text[])`;
  }

  select(property: string, values: readonly string[]): Iterable<Statement> {
    const sql = `${this.codec.selectSql} WHERE ${this.codec.column(property).name} = ANY($1::text[])`;
    return [{ sql, parameters: [arrayText(values)] }];
  }

  remove(keys: readonly string[]): Iterable<Statement> {
    return [{ sql: this.deleteSql, parameters: [arrayText(keys)] }];
  }

  upsert(rows: readonly Row[]): Iterable<Statement> {
    const parameters = this.codec.columns.map(({ property, encode }) => {
      // eslint-disable-next-line cairn/own-keys -- columns are the names of an entity's properties
      const values = rows.map((row) => (row as unknown as Values)[property]);
      return arrayText(encode === undefined ? values : values.map(encode));
    });
    return [{ sql: this.upsertSql, parameters }];
  }
}

function arrayOf(type: string): string {
  const array = own(ARRAYS, type);
  if (array === undefined) throw new Error(`no arrays of ${type} are written`);
  return array;
}

/** A PostgreSQL array of texts, numbers, flags and nulls as its text form, quoted only where that is needed. */
function arrayText(values: readonly unknown[]): string {
  let text = '{';
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    if (i > 0) text += ',';
    if (typeof value === 'string') text += quotedElement(value);
    else if (typeof value === 'number' || typeof value === 'boolean') text += String(value);
    else text += 'NULL';
  }
  return `${text}}`;
}

const ESCAPED = /["\\]/g;

function quotedElement(text: string): string {
  const escaped = text.includes('"') || text.includes('\\') ? text.replaceAll(ESCAPED, String.raw`\$&`) : text;
  return `"${storable(escaped)}"`;
}
