import type { ImageRow } from '@cairn/projections';

import { HttpProblem } from '../../../http';
import { all, any, compared, type Condition, type ParameterNames } from './conditions';
import { type Query, valueOf } from './parameters';
import type { Order, SortKey } from './sorting';

/** glance's limit_param_default and api_limit_max. */
const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 1000;

/** @throws HttpProblem 400 in Glance's words. */
export function limitOf(query: Query): number {
  const text = valueOf(query, 'limit');
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = Number(text);
  if (!/^\s*[+-]?\d+\s*$/.test(text)) throw new HttpProblem(400, 'limit param must be an integer');
  if (limit < 0) throw new HttpProblem(400, 'limit param must be positive');
  return Math.min(limit, MAX_LIMIT);
}

interface Sortable {
  /** What to sort by: null would stand first in one database and last in the other. */
  readonly sql: string;
  of(row: ImageRow): unknown;
}

const text = (column: keyof ImageRow): Sortable => ({
  sql: `COALESCE(image.${column}, '')`,
  of: (row) => row[column] ?? '',
});

const SORTABLE: Readonly<Record<SortKey, Sortable>> = {
  name: text('name'),
  status: text('status'),
  container_format: text('containerFormat'),
  disk_format: text('diskFormat'),
  size: { sql: 'COALESCE(image.sizeBytes, 0)', of: (row) => row.sizeBytes ?? 0 },
  id: text('id'),
  created_at: text('createdAt'),
  updated_at: text('updatedAt'),
};

export const sortedBy = ({ key }: Order): string => SORTABLE[key].sql;

/** What stands behind the marker in that order: later in the first key, or equal there and later in the next, … */
export function behind(marker: ImageRow, orders: readonly Order[], names: ParameterNames): Condition {
  const at = (order: Order, operator: string): Condition =>
    compared(names, sortedBy(order), operator, SORTABLE[order.key].of(marker));
  return any(
    orders.map((order, i) =>
      all([...orders.slice(0, i).map((earlier) => at(earlier, '=')), at(order, order.direction === 'asc' ? '>' : '<')]),
    ),
  );
}
