import { own } from '@cairn/domain';
import type { EntityOf, Row } from '@cairn/projections';
import { type Condition, lowered, type Operator, type Scalar } from './condition';
import type { Order } from './order';

/** The rows of other read models that a condition refers to. */
export type OtherRows = (entity: EntityOf) => readonly Row[];

const noOthers: OtherRows = ({ name }) => {
  throw new Error(`rows in memory are not compared with those of ${name}`);
};

/** Texts compare byte by byte, as in both databases. */
function compare(a: Scalar, b: Scalar): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return Number(a) - Number(b);
}

const HOLDS: Readonly<Record<Operator, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** Whether a row fulfils a condition. */
export function fulfils<R>(row: R, condition: Condition<R>, others = noOthers): boolean {
  switch (condition.is) {
    case 'all':
      return condition.of.every((each) => fulfils(row, each, others));
    case 'any':
      return condition.of.some((each) => fulfils(row, each, others));
    case 'not':
      return !fulfils(row, condition.of, others);
    case 'among': {
      const { entity, column, where } = condition.others;
      const found = others(entity).filter((other) => fulfils(other, where as Condition<Row>, others));
      return found.some(
        (other) => own(other as unknown as Readonly<Record<string, unknown>>, column) === row[condition.column],
      );
    }
    case 'holds':
      return condition.pieces.some((piece) => JSON.stringify(row[condition.column]).includes(piece));
    default:
      return fulfilsOfOne(row[condition.column] as Scalar | null, condition);
  }
}

type OfOne<R> = Extract<Condition<R>, { is: 'compared' | 'oneOf' | 'unset' | 'part' }>;

function fulfilsOfOne<R>(value: Scalar | null, condition: OfOne<R>): boolean {
  if (condition.is === 'unset') return value === null;
  if (value === null) return false;
  if (condition.is === 'compared') return HOLDS[condition.operator](compare(value, condition.value));
  if (condition.is === 'oneOf') return condition.values.some((each) => compare(value, each) === 0);
  const [whole, text] = [String(value), condition.text].map((each) => (condition.ignoreCase ? lowered(each) : each));
  if (whole === undefined || text === undefined) return false;
  if (condition.at === 'start') return whole.startsWith(text);
  return condition.at === 'end' ? whole.endsWith(text) : whole.includes(text);
}

/** Negative where the first row stands before the second. A column without a value sorts as an empty one. */
export function compareRows<R>(a: R, b: R, orders: readonly Order<R>[]): number {
  for (const { column, direction } of orders) {
    const [left, right] = [a[column] as Scalar | null, b[column] as Scalar | null];
    const blank = typeof (left ?? right) === 'string' ? '' : 0;
    const order = compare(left ?? blank, right ?? blank);
    if (order !== 0) return direction === 'ASC' ? order : -order;
  }
  return 0;
}
