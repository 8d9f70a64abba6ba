import { own } from '@cairn/domain';
import { badRequest, STRICT_SINCE, unexpected } from './additional';
import {
  type Asking,
  type Direction,
  lastOf,
  type ListApi,
  type Marker,
  type Order,
  type Page,
  type QueryParameters,
  type Sorting,
} from '../../../../application/lists';
import type { ComputeRequest } from './compute-request';

/** nova's osapi_max_limit: a page has at most so many. */
const MAX_PAGE = 1000;

const shown = (text: string): string => text.slice(0, 255);

/** A value that a schema of nova's refuses. */
export const invalidParameter = (name: string, value: string, rule: string): Error =>
  badRequest(`Invalid input for query parameters ${name}. Value: ${shown(value)}. ${rule}`);

/** A value that nova refuses behind its schemas. */
export const invalidInput = (reason: string): Error => badRequest(`Invalid input received: ${reason}`);

function counted(query: QueryParameters, name: string): number | undefined {
  const text = lastOf(query, name);
  if (text === undefined || text === '') return undefined;
  if (!/^\d*$/.test(text)) throw invalidParameter(name, text, `'${shown(text)}' does not match '^[0-9]*$'`);
  return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
}

/** nova's lists: `limit` and `marker`, `sort_key` with `sort_dir`; of a repeated filter the last value counts. */
export const novaLists: ListApi = {
  isWord: (name, { paging, sorting }) => {
    if (name === 'sort_key' || name === 'sort_dir') return isSorted(sorting);
    return paging !== undefined && (name === 'limit' || name === (paging === 'offset' ? 'offset' : 'marker'));
  },
  pick: (values) => values.at(-1) ?? '',
  limit: (query) => Math.min(counted(query, 'limit') ?? MAX_PAGE, MAX_PAGE),
  offset: (query) => counted(query, 'offset') ?? 0,
  orders: (asking, sorting) => ordersOf(asking, sorting, valuesOf(asking, 'sort_key'), valuesOf(asking, 'sort_dir')),
  unknown: strictSince(STRICT_SINCE),
};

/** Refuses parameters that a list does not know from a microversion on; before, they count for nothing. */
export function strictSince(since: number): NonNullable<ListApi['unknown']> {
  return (name, { minor }) => {
    if (minor >= since) throw unexpected(name);
  };
}

/** For lists whose parameters nova never looks at (those without a schema of their query). */
export const withoutSchema: ListApi = { ...novaLists, unknown: () => undefined };

/** Of several keys the last alone counts, as for flavors. */
export const byLastKey: ListApi = {
  ...novaLists,
  orders: (asking, sorting) => {
    const [keys, directions] = [valuesOf(asking, 'sort_key').slice(-1), valuesOf(asking, 'sort_dir').slice(-1)];
    return ordersOf(asking, sorting, keys, directions);
  },
};

/** As nova pages by `offset`, where a limit of 0 is none (`common.limited`). */
export const byOffset: ListApi = { ...novaLists, limit: (query) => novaLists.limit(query) || MAX_PAGE };

const valuesOf = ({ query }: Asking, name: string): readonly string[] => query.get(name) ?? [];

const isSorted = <R>({ keys }: Sorting<R>): boolean => Object.keys(keys).length > 0;

/** A key without a direction takes the first one that is given; more directions than keys are refused. */
function ordersOf<R>(
  asking: Asking,
  sorting: Sorting<R>,
  names: readonly string[],
  words: readonly string[],
): readonly Order<R>[] {
  const { usual, refusal } = sorting;
  const keys = sorting.keysIn?.(asking.minor) ?? sorting.keys;
  if (!isSorted(sorting)) return usual;
  const given = words.map(directionOf);
  if (given.length > Math.max(names.length, 1)) throw invalidInput('Sort direction size exceeds sort key size');
  const [first] = given;
  const asked = names.flatMap((text, i) => {
    const name = text.trim();
    const column = own(keys, name);
    if (column === undefined) {
      const known = Object.keys(keys).map((key) => `'${key}'`);
      throw invalidParameter('sort_key', text, `'${shown(text)}' is not one of [${known.join(', ')}]`);
    }
    const refused = refusal?.(name, asking);
    if (refused !== undefined) throw refused;
    const direction = given[i] ?? first ?? usual[0]?.direction ?? 'ASC';
    return column === null ? [] : [{ column, direction }];
  });
  if (asked.length > 0) return asked;
  return usual.map((order) => ({ ...order, direction: first ?? order.direction }));
}

function directionOf(text: string): Direction {
  const word = text.trim();
  if (word === 'asc' || word === 'desc') return word === 'asc' ? 'ASC' : 'DESC';
  throw invalidInput("Unknown sort direction, must be 'desc' or 'asc'");
}

/** @param column names one row, in nova's words for a marker that names none */
export const novaMarker = <R>(column: Marker<R>['column'], more: Partial<Marker<R>> = {}): Marker<R> => ({
  column,
  missing: (marker) => badRequest(`marker [${shown(marker)}] not found`),
  ...more,
});

/**
 * A page as nova answers it. A full one has a link to the next, also when nothing follows.
 * @param path of the list, as it is in the URL
 */
export function presentPage<R>(
  key: string,
  path: string,
  { rows, next }: Page<R>,
  { links, query }: ComputeRequest,
  present: (row: R) => unknown,
): Readonly<Record<string, unknown>> {
  const items = rows.map(present);
  return next === null ? { [key]: items } : { [key]: items, [`${key}_links`]: [links.next(path, query, next)] };
}
