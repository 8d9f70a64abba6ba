import type { EntityOf, Row } from '@cairn/projections';

export type Scalar = string | number | boolean;
export type Operator = '=' | '<>' | '<' | '<=' | '>' | '>=';
export type ColumnOf<R> = Extract<keyof R, string>;

/** Where in a text a part of it is looked for. */
export type Place = 'anywhere' | 'start' | 'end';

/** One column of the rows of another read model. */
export interface Others {
  readonly entity: EntityOf;
  readonly column: string;
  readonly where: Condition<never>;
}

/**
 * What a row must fulfil, for a database (`sql.ts`) or for rows in memory (`memory.ts`); both find the same rows. A
 * column without a value compares as false with everything, and `not` turns that into true.
 */
export type Condition<R> =
  | { readonly is: 'compared'; readonly column: ColumnOf<R>; readonly operator: Operator; readonly value: Scalar }
  | { readonly is: 'oneOf'; readonly column: ColumnOf<R>; readonly values: readonly Scalar[] }
  | { readonly is: 'unset'; readonly column: ColumnOf<R> }
  | {
      readonly is: 'part';
      readonly column: ColumnOf<R>;
      readonly text: string;
      readonly at: Place;
      readonly ignoreCase: boolean;
    }
  | { readonly is: 'holds'; readonly column: ColumnOf<R>; readonly pieces: readonly string[] }
  | { readonly is: 'among'; readonly column: ColumnOf<R>; readonly others: Others }
  | { readonly is: 'all' | 'any'; readonly of: readonly Condition<R>[] }
  | { readonly is: 'not'; readonly of: Condition<R> };

export const compared = <R>(column: ColumnOf<R>, operator: Operator, value: Scalar): Condition<R> => ({
  is: 'compared',
  column,
  operator,
  value,
});

export const equal = <R>(column: ColumnOf<R>, value: Scalar): Condition<R> => compared(column, '=', value);

export const oneOf = <R>(column: ColumnOf<R>, values: readonly Scalar[]): Condition<R> => ({
  is: 'oneOf',
  column,
  values,
});

export const unset = <R>(column: ColumnOf<R>): Condition<R> => ({ is: 'unset', column });

/** Only ASCII letters: so have both databases it, where texts compare byte by byte. */
export const lowered = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** The text stands in the column. */
export const part = <R>(column: ColumnOf<R>, text: string, at: Place, ignoreCase = false): Condition<R> => ({
  is: 'part',
  column,
  text,
  at,
  ignoreCase,
});

/** The column's value is among those that a column of other rows has. */
export const among = <R, O extends Row>(
  column: ColumnOf<R>,
  entity: EntityOf<O>,
  others: ColumnOf<O>,
  where: Condition<O>,
): Condition<R> => ({
  is: 'among',
  column,
  others: { entity, column: others, where: where },
});

export const all = <R>(of: readonly Condition<R>[]): Condition<R> => ({ is: 'all', of });
export const any = <R>(of: readonly Condition<R>[]): Condition<R> => ({ is: 'any', of });
export const not = <R>(of: Condition<R>): Condition<R> => ({ is: 'not', of });

export const everything = <R>(): Condition<R> => all([]);
export const nothing = <R>(): Condition<R> => any([]);

/** No row can fulfil it, so that none is looked for. */
export function isImpossible<R>(condition: Condition<R>): boolean {
  if (condition.is === 'all') return condition.of.some(isImpossible);
  if (condition.is === 'any') return condition.of.every(isImpossible);
  return condition.is === 'oneOf' && condition.values.length === 0;
}

/**
 * A document's text holds a piece of JSON. The piece begins with the bracket or comma before it, so that it cannot be
 * part of a text.
 */
const holds = <R>(column: ColumnOf<R>, bracket: '[' | '{', piece: string): Condition<R> => ({
  is: 'holds',
  column,
  pieces: [bracket, ','].map((before) => before + piece),
});

/** A list of texts contains this one. */
export const hasItem = <R>(column: ColumnOf<R>, item: string): Condition<R> => holds(column, '[', JSON.stringify(item));

/** A document of texts has this value under this name. */
export const hasEntry = <R>(column: ColumnOf<R>, name: string, value: string): Condition<R> =>
  holds(column, '{', `${JSON.stringify(name)}:${JSON.stringify(value)}`);

const SECOND_MS = 1000;

/**
 * Compares a moment of the log, which has milliseconds, with a whole second, as APIs show and take them: all of that
 * second equals it.
 */
export function comparedBySecond<R>(column: ColumnOf<R>, operator: Operator, ms: number): Condition<R> {
  const start = Math.floor(ms / SECOND_MS) * SECOND_MS;
  const [from, to] = [new Date(start).toISOString(), new Date(start + SECOND_MS).toISOString()];
  const within = all([compared<R>(column, '>=', from), compared<R>(column, '<', to)]);
  const by: Readonly<Record<Operator, Condition<R>>> = {
    '=': within,
    '<>': any([compared<R>(column, '<', from), compared<R>(column, '>=', to)]),
    '<': compared(column, '<', from),
    '<=': compared(column, '<', to),
    '>': compared(column, '>=', to),
    '>=': compared(column, '>=', from),
  };
  return by[operator];
}
