import { type ColumnOf, equal, everything } from './condition';
import type { Filter, Given } from './definition';

/** Filters that lists of every API have. What is special to one stands in its definition. */

/** @param read the value as the column has it */
export const exactly = <R>(
  column: ColumnOf<R>,
  read: (value: string, given: Given) => string | number | boolean = (value) => value,
): Filter<R> => ({
  text: column,
  read: (given) => equal(column, read(given.value, given)),
});

/** A regular expression over what these columns have; numbers are matched as they are written. */
export const matching = <R>(...columns: readonly ColumnOf<R>[]): Filter<R> =>
  matchingTexts(columns, (row) =>
    columns
      .map((column) => row[column])
      .filter((value) => value !== null)
      .map(String),
  );

/** A regular expression over texts that are made of these columns. */
export const matchingTexts = <R>(columns: readonly ColumnOf<R>[], texts: (row: R) => readonly string[]): Filter<R> => ({
  read: ({ value }) => ({ is: 'matched', columns, texts, pattern: value }),
});

/** A parameter that the API knows and that changes nothing here. */
export const without = <R>(): Filter<R> => ({ read: () => everything() });
