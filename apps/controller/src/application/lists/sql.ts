import { own } from '@cairn/domain';
import { type Clause, type CodecColumn, codecOf, type EntityOf, type Row, type TableCodec } from '@cairn/projections';
import type { DataSource } from 'typeorm';
import {
  all,
  type ColumnOf,
  type Condition,
  equal,
  lowered,
  type Operator,
  type Others,
  type Scalar,
} from './condition';
import type { Order } from './order';

/**
 * The type by which a column's values are compared, for each type of columns; a number beyond the column's own type would be
 * refused by PostgreSQL.
 */
const COMPARED_AS: Readonly<Record<string, string>> = {
  varchar: 'text',
  text: 'text',
  boolean: 'boolean',
  integer: 'bigint',
  bigint: 'bigint',
  'double precision': 'double precision',
};

const isNumber = ({ type }: CodecColumn): boolean => ['integer', 'bigint', 'double precision'].includes(type);

/** Where a column has no value it sorts as this: null would stand first in one database and last in the other. */
const blankOf = (column: CodecColumn): Scalar => (isNumber(column) ? 0 : '');

/** What stands for a value that is compared; not a bare parameter, see {@link Clause}. */
const placeholder = ({ type }: CodecColumn): string => `CAST(? AS ${own(COMPARED_AS, type) ?? type})`;

/** Writes conditions on one table's rows, in what SQLite and PostgreSQL share. */
export class SqlConditions<R extends Row> {
  private readonly table: TableCodec;

  constructor(
    private readonly source: DataSource,
    entity: EntityOf<R>,
  ) {
    this.table = codecOf(source, entity);
  }

  /** The expression that rows are sorted by. */
  sortedBy({ column: property }: Order<R>): string {
    const column = this.table.column(property);
    const blank = isNumber(column) ? '0' : "''";
    return column.nullable ? `COALESCE(${column.name}, ${blank})` : column.name;
  }

  /**
   * What stands behind a row in a total order: beyond it in the first column, or equal there and beyond in the next, and
   * so on. The first column's bound alone is repeated in front, so that an index finds where to begin.
   */
  behind(row: R, orders: readonly Order<R>[]): Clause {
    const at = (order: Order<R>, operator: Operator): Clause =>
      compare(this.sortedBy(order), operator, this.valueOf(row, order), this.table.column(order.column));
    const beyond = (order: Order<R>, orEqual = ''): Clause =>
      at(order, `${order.direction === 'ASC' ? '>' : '<'}${orEqual}` as Operator);
    const ways = orders.map((order, i) =>
      joined(' AND ', [...orders.slice(0, i).map((earlier) => at(earlier, '=')), beyond(order)]),
    );
    const [first] = orders;
    return first === undefined
      ? joined(' OR ', [])
      : joined(' AND ', [beyond(first, orders.length > 1 ? '=' : ''), joined(' OR ', ways)]);
  }

  /** The row that has this text in a column, where a row can have it. */
  named(property: ColumnOf<R>, text: string): Condition<R> | undefined {
    if (!isNumber(this.table.column(property))) return equal(property, text);
    const number = Number(text);
    return Number.isSafeInteger(number) && String(number) === text ? equal(property, number) : undefined;
  }

  clause(condition: Condition<R>): Clause {
    switch (condition.is) {
      case 'all':
      case 'any':
        return joined(
          condition.is === 'all' ? ' AND ' : ' OR ',
          condition.of.map((each) => this.clause(each)),
        );
      case 'not': {
        const { sql, parameters } = this.clause(condition.of);
        return { sql: `(${sql}) IS NOT TRUE`, parameters };
      }
      default:
        return this.ofColumn(condition, this.table.column(condition.column));
    }
  }

  private ofColumn(condition: OfColumn<R>, column: CodecColumn): Clause {
    switch (condition.is) {
      case 'compared':
        return compare(column.name, condition.operator, condition.value, column);
      case 'unset':
        return { sql: `${column.name} IS NULL`, parameters: [] };
      case 'oneOf':
        return oneOf(column, condition.values);
      case 'part':
        return part(column, condition);
      case 'holds':
        return holds(column, condition.pieces);
      case 'among':
        return this.among(column, condition.others);
    }
  }

  private valueOf(row: R, { column }: Order<R>): Scalar {
    return (row[column] as Scalar | null) ?? blankOf(this.table.column(column));
  }

  private among({ name }: CodecColumn, { entity, column, where }: Others): Clause {
    const inner = new SqlConditions<Row>(this.source, entity);
    const { sql, parameters } = inner.clause(all([where as Condition<Row>]));
    const others = `SELECT ${inner.table.column(column).name} FROM ${inner.table.table} WHERE ${sql}`;
    return { sql: `${name} IN (${others})`, parameters };
  }
}

type OfColumn<R> = Extract<Condition<R>, { readonly column: unknown }>;

const compare = (expression: string, operator: Operator, value: Scalar, column: CodecColumn): Clause => ({
  sql: `${expression} ${operator} ${placeholder(column)}`,
  parameters: [value],
});

function oneOf(column: CodecColumn, values: readonly Scalar[]): Clause {
  if (values.length === 0) return joined(' OR ', []);
  return { sql: `${column.name} IN (${values.map(() => placeholder(column)).join(', ')})`, parameters: values };
}

/** Not LIKE, which ignores case in SQLite alone and has wildcards. */
function part<R>({ name }: CodecColumn, { text, at, ignoreCase }: Extract<Condition<R>, { is: 'part' }>): Clause {
  const piece = ignoreCase ? lowered(text) : text;
  const whole = ignoreCase ? `LOWER(${name})` : name;
  if (at === 'anywhere') return { sql: `(? = '' OR REPLACE(${whole}, ?, '') <> ${whole})`, parameters: [piece, piece] };
  const start = at === 'start' ? '1' : `LENGTH(${whole}) - LENGTH(?) + 1`;
  const sql = `(LENGTH(${whole}) >= LENGTH(?) AND SUBSTR(${whole}, ${start}, LENGTH(?)) = ?)`;
  return { sql, parameters: Array<string>(at === 'start' ? 3 : 4).fill(piece) };
}

const holds = ({ name }: CodecColumn, pieces: readonly string[]): Clause =>
  joined(
    ' OR ',
    pieces.map((piece) => ({ sql: `REPLACE(${name}, ?, '') <> ${name}`, parameters: [piece] })),
  );

/** None joined by AND hold always, none joined by OR never. */
export const joined = (word: ' AND ' | ' OR ', clauses: readonly Clause[]): Clause => ({
  sql: clauses.length === 0 ? (word === ' AND ' ? '1 = 1' : '1 = 0') : `(${clauses.map(({ sql }) => sql).join(word)})`,
  parameters: clauses.flatMap(({ parameters }) => parameters),
});
