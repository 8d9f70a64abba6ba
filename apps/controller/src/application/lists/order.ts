import type { ColumnOf } from './condition';

export type Direction = 'ASC' | 'DESC';

export interface Order<R> {
  readonly column: ColumnOf<R>;
  readonly direction: Direction;
}

/** A total order: the key decides between rows that are equal so far, in the direction of the last order. */
export function totalOrder<R>(orders: readonly Order<R>[], key: ColumnOf<R>): readonly Order<R>[] {
  const distinct = orders.filter(({ column }, i) => orders.findIndex((other) => other.column === column) === i);
  if (distinct.some(({ column }) => column === key)) return distinct;
  return [...distinct, { column: key, direction: distinct.at(-1)?.direction ?? 'ASC' }];
}
