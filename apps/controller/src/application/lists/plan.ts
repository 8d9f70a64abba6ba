import { own } from '@cairn/domain';
import { all, type Condition } from './condition';
import type { Asking, Filter, ListDefinition, Marker, Matched, Page } from './definition';
import { type Order, totalOrder } from './order';
import { lastOf } from './parameters';

/** What a request asks of a list. */
export interface Plan<R> {
  readonly where: Condition<R>;
  readonly matched: readonly Matched<R>[];
  readonly orders: readonly Order<R>[];
  /** Null: all. */
  readonly limit: number | null;
  readonly offset: number;
  readonly marker: { readonly text: string; readonly visible: Condition<R>; missing(): Error } | null;
}

/** Reads a request by a list's definition. @throws what the definition and its API throw. */
export function planOf<R>(definition: ListDefinition<R>, asking: Asking): Plan<R> {
  const { api, scope, sorting, key, paging } = definition;
  const { query } = asking;
  const shown = scope(asking);
  const criteria = [...query].flatMap(([name, values]) => {
    const filter = filterOf(name, definition, asking);
    return filter === undefined ? [] : [filter.read({ name, value: api.pick(values), values, asking })];
  });
  const marker = markerOf(definition, asking);
  const byOffset = paging === 'offset';
  return {
    where: all([shown, ...criteria.filter((criterion) => criterion.is !== 'matched')]),
    matched: criteria.filter((criterion) => criterion.is === 'matched'),
    orders: totalOrder(api.orders(asking, sorting), key),
    limit: marker !== undefined || byOffset ? api.limit(query) : null,
    offset: byOffset ? api.offset(query) : 0,
    marker: planned(marker, shown, asking),
  };
}

/** The rows that a request's list has, page or not. */
export const whereOf = <R>(definition: ListDefinition<R>, asking: Asking): Condition<R> =>
  planOf(definition, asking).where;

/** How this request may turn pages; undefined where its list is whole. */
export function markerOf<R>({ paging }: ListDefinition<R>, { minor }: Asking): Marker<R> | undefined {
  if (paging === undefined || paging === 'offset') return undefined;
  return minor >= (paging.since ?? 0) ? paging : undefined;
}

function planned<R>(marker: Marker<R> | undefined, shown: Condition<R>, asking: Asking): Plan<R>['marker'] {
  const text = lastOf(asking.query, 'marker');
  if (marker === undefined || text === undefined) return null;
  return { text, visible: marker.visible?.(asking) ?? shown, missing: () => marker.missing(text) };
}

/** The filter that a parameter is for this caller. */
function filterOf<R>(name: string, definition: ListDefinition<R>, asking: Asking): Filter<R> | undefined {
  const { api, filters, parameters = [] } = definition;
  if (api.isWord(name, definition) || parameters.includes(name)) return undefined;
  const filter = own(filters, name) ?? definition.others?.(name) ?? api.derived?.(name, filters);
  if (filter === undefined || asking.minor < (filter.since ?? 0)) {
    api.unknown?.(name, asking);
    return undefined;
  }
  const { rule, openSince = Infinity } = filter;
  return rule === undefined || asking.minor >= openSince || asking.rights.may(rule) ? filter : undefined;
}

/** A page of these rows; a full one is followed by another, perhaps an empty one. */
export function pageOf<R extends object, C extends R>(
  definition: ListDefinition<C>,
  asking: Asking,
  { limit }: Plan<C>,
  rows: readonly R[],
): Page<R> {
  const marker = markerOf(definition, asking);
  const last = rows.length === limit ? rows.at(-1) : undefined;
  if (marker === undefined || last === undefined) return { rows, next: null };
  return { rows, next: String((last as Readonly<Record<string, unknown>>)[marker.column]) };
}

/** Tells which of the texts match a pattern. @throws DomainError `invalid` for one that is none, or takes too long. */
export type Matcher = (pattern: string, texts: readonly string[]) => Promise<readonly boolean[]>;

/** Which rows fulfil the regular expressions of a plan. */
export async function matching<R>(
  rows: readonly R[],
  matched: readonly Matched<R>[],
  match: Matcher,
): Promise<readonly R[]> {
  let left = rows;
  for (const { texts, pattern } of matched) {
    const of = left.flatMap((row, i) => texts(row).map((text) => ({ i, text })));
    const found = await match(
      pattern,
      of.map(({ text }) => text),
    );
    const hits = new Set(of.filter((_, j) => found[j]).map(({ i }) => i));
    left = left.filter((_, i) => hits.has(i));
  }
  return left;
}
