import { own } from '@cairn/domain';
import type { EntityOf, Row } from '@cairn/projections';
import type { EntityManager, EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata';
import {
  all,
  any,
  type ColumnOf,
  type Condition,
  equal,
  lowered,
  type Operator,
  type Others,
  type Scalar,
} from './condition';
import type { Order } from './order';

/** A part of a WHERE clause, with its parameters. Only what SQLite and PostgreSQL share. */
export interface Clause {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The type by which a number is compared; a parameter beyond the column's own type would be refused by PostgreSQL. */
const NUMBERS: Readonly<Record<string, string>> = {
  integer: 'bigint',
  bigint: 'bigint',
  'double precision': 'double precision',
};

const numberType = ({ type }: ColumnMetadata): string | undefined => own(NUMBERS, String(type));

const isNumber = (column: ColumnMetadata): boolean => numberType(column) !== undefined;

/** Where a column has no value it sorts as this: null would stand first in one database and last in the other. */
const blankOf = (column: ColumnMetadata): Scalar => (isNumber(column) ? 0 : '');

/** Writes conditions on one table's rows. */
export class SqlConditions<R extends Row> {
  private count = 0;
  private readonly table: EntityMetadata;

  constructor(
    private readonly entities: EntityManager,
    entity: EntityOf<R>,
    private readonly prefix = 'p',
  ) {
    this.table = entities.dataSource.getMetadata(entity);
  }

  /** The expression that rows are sorted by. */
  sortedBy({ column }: Order<R>): string {
    const { databaseName, isNullable } = this.column(column);
    const blank = blankOf(this.column(column)) === 0 ? '0' : "''";
    return isNullable ? `COALESCE(${databaseName}, ${blank})` : databaseName;
  }

  /**
   * What stands behind a row in a total order: beyond it in the first column, or equal there and beyond in the next, and
   * so on. The first column's bound alone is repeated in front, so that an index finds where to begin.
   */
  behind(row: R, orders: readonly Order<R>[]): Clause {
    const at = (order: Order<R>, operator: Operator): Clause =>
      this.compare(this.sortedBy(order), operator, this.valueOf(row, order), this.column(order.column));
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
    if (!isNumber(this.column(property))) return equal(property, text);
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
      case 'compared': {
        const column = this.column(condition.column);
        return this.compare(column.databaseName, condition.operator, condition.value, column);
      }
      case 'unset':
        return { sql: `${this.column(condition.column).databaseName} IS NULL`, parameters: {} };
      case 'oneOf':
        return this.clause(
          any(condition.values.map((value) => ({ ...condition, is: 'compared', operator: '=', value }))),
        );
      case 'part':
        return this.part(condition);
      case 'holds':
        return this.holds(this.column(condition.column).databaseName, condition.pieces);
      case 'among':
        return this.among(this.column(condition.column).databaseName, condition.others);
    }
  }

  private valueOf(row: R, { column }: Order<R>): Scalar {
    return (row[column] as Scalar | null) ?? blankOf(this.column(column));
  }

  private column(property: string): ColumnMetadata {
    const column = this.table.findColumnWithPropertyName(property);
    if (column === undefined) throw new Error(`${this.table.name} has no column ${property}`);
    return column;
  }

  private parameter(value: unknown): readonly [name: string, parameters: Record<string, unknown>] {
    this.count += 1;
    const name = `${this.prefix}${String(this.count)}`;
    return [`:${name}`, { [name]: value }];
  }

  private compare(expression: string, operator: Operator, value: Scalar, column: ColumnMetadata): Clause {
    const [name, parameters] = this.parameter(value);
    const type = numberType(column);
    const operand = type === undefined ? name : `CAST(${name} AS ${type})`;
    return { sql: `${expression} ${operator} ${operand}`, parameters };
  }

  /** Not LIKE, which ignores case in SQLite alone and has wildcards. */
  private part({ column, text, at, ignoreCase }: Extract<Condition<R>, { is: 'part' }>): Clause {
    const [piece, parameters] = this.parameter(ignoreCase ? lowered(text) : text);
    const { databaseName } = this.column(column);
    const whole = ignoreCase ? `LOWER(${databaseName})` : databaseName;
    const start = at === 'start' ? '1' : `LENGTH(${whole}) - LENGTH(${piece}) + 1`;
    const sql =
      at === 'anywhere'
        ? `(${piece} = '' OR REPLACE(${whole}, ${piece}, '') <> ${whole})`
        : `(LENGTH(${whole}) >= LENGTH(${piece}) AND SUBSTR(${whole}, ${start}, LENGTH(${piece})) = ${piece})`;
    return { sql, parameters };
  }

  private holds(column: string, pieces: readonly string[]): Clause {
    return joined(
      ' OR ',
      pieces.map((piece) => {
        const [name, parameters] = this.parameter(piece);
        return { sql: `REPLACE(${column}, ${name}, '') <> ${column}`, parameters };
      }),
    );
  }

  private among(column: string, { entity, column: other, where }: Others): Clause {
    this.count += 1;
    const inner = new SqlConditions<Row>(this.entities, entity, `${this.prefix}${String(this.count)}x`);
    const { sql, parameters } = inner.clause(all([where as Condition<Row>]));
    return {
      sql: `${column} IN (SELECT ${inner.column(other).databaseName} FROM ${inner.table.tablePath} WHERE ${sql})`,
      parameters,
    };
  }
}

/** None joined by AND hold always, none joined by OR never. */
const joined = (word: ' AND ' | ' OR ', clauses: readonly Clause[]): Clause => ({
  sql: clauses.length === 0 ? (word === ' AND ' ? '1 = 1' : '1 = 0') : `(${clauses.map(({ sql }) => sql).join(word)})`,
  parameters: Object.assign({}, ...clauses.map(({ parameters }) => parameters)) as Record<string, unknown>,
});
