import { type ColumnOf, type Condition, equal, everything, nothing } from './condition';
import type { Asking, Filter, Given } from './definition';

/** Scopes and filters that lists of every API have. What is special to one stands in its definition. */

/** The rows of the project that the caller's token is for; none without one. */
export const ofOwnProject = <R extends { readonly projectId: string | null }>({ projectId }: Asking): Condition<R> =>
  projectId === null ? nothing() : equal<R>('projectId' as ColumnOf<R>, projectId);

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
