import type { Asking, ListDefinition, Page } from './definition';
import { compareRows, fulfils, type OtherRows } from './memory';
import { markerOf, type Matcher, matching, pageOf, type Plan, planOf } from './plan';

const noMatcher: Matcher = () => {
  throw new Error('no list of rows in memory is filtered by expressions');
};

/**
 * A page of a collection whose rows are made for each request: fixed ones, or of the log.
 * @throws in the API's words for a request that makes no sense.
 */
export async function listed<R extends object>(
  definition: ListDefinition<R>,
  rows: readonly R[],
  asking: Asking,
  others?: OtherRows,
  match = noMatcher,
): Promise<Page<R>> {
  const plan = planOf(definition, asking);
  const start = startOf(definition, rows, asking, plan, others);
  const found = rows.filter((row) => fulfils(row, plan.where, others) && (start?.(row) ?? true));
  const matched = await matching(found, plan.matched, match);
  const sorted = [...matched].sort((a, b) => compareRows(a, b, plan.orders));
  const end = plan.limit === null ? undefined : plan.offset + plan.limit;
  return pageOf(definition, asking, plan, sorted.slice(plan.offset, end));
}

/** Tells which rows stand behind the marker; undefined without one. */
function startOf<R>(
  definition: ListDefinition<R>,
  rows: readonly R[],
  asking: Asking,
  { marker, orders }: Plan<R>,
  others?: OtherRows,
): ((row: R) => boolean) | undefined {
  const column = markerOf(definition, asking)?.column;
  if (marker === null || column === undefined) return undefined;
  const at = rows.find((row) => String(row[column]) === marker.text && fulfils(row, marker.visible, others));
  if (at === undefined) throw marker.missing();
  return (row) => compareRows(row, at, orders) > 0;
}
