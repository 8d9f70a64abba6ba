import { Table } from './table';

/**
 * A table that has not more than `most` values. Of more it leaves out the least, half of `most` at once, and says the
 * greatest of those.
 */
export function bounded<V extends string | number>(
  table: Table<V>,
  most: number,
): { readonly kept: Table<V>; readonly leftOut: V | undefined } {
  if (table.size <= most) return { kept: table, leftOut: undefined };
  const inOrder = [...table.entries()].toSorted(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0));
  const count = most / 2;
  return { kept: Table.from(inOrder.slice(count)), leftOut: inOrder[count - 1]?.[1] };
}
