import { own } from '@cairn/domain';
import {
  encodedWithout,
  lastOf,
  type Direction,
  type ListApi,
  type Order,
  type Page,
  type QueryParameters,
  type Sorting,
} from '../../../application/lists';
import { HttpProblem } from '../../http';

/** glance's limit_param_default and api_limit_max. */
const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 1000;

export const bad = (message: string): HttpProblem => new HttpProblem(400, message);

function limitOf(query: QueryParameters): number {
  const text = lastOf(query, 'limit');
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = Number(text);
  if (!/^\s*[+-]?\d+\s*$/.test(text)) throw bad('limit param must be an integer');
  if (limit < 0) throw bad('limit param must be positive');
  return Math.min(limit, MAX_LIMIT);
}

const WORDS = new Set(['limit', 'marker', 'sort', 'sort_key', 'sort_dir']);

/** Glance's lists: of a repeated parameter the last value counts, as in a Python dict. */
export const glanceLists: ListApi = {
  isWord: (name) => WORDS.has(name),
  pick: (values) => values.at(-1) ?? '',
  limit: limitOf,
  offset: () => 0,
  orders: ({ query }, sorting) => {
    const asked = query.has('sort') ? combined(query, sorting) : classic(query, sorting);
    const [first] = asked;
    const given = asked.length === 0 ? sorting.usual : asked;
    const added = asked.length === 1 ? (first?.direction ?? 'DESC') : 'DESC';
    return [...given, ...sorting.usual.map(({ column }) => ({ column, direction: added }))];
  },
};

/** `sort=name:asc,size:desc`. */
function combined<R>(query: QueryParameters, sorting: Sorting<R>): readonly Order<R>[] {
  if (query.has('sort_key') || query.has('sort_dir')) throw bad('Old and new sorting syntax cannot be combined');
  const parts = (lastOf(query, 'sort') ?? '').trim().split(',');
  return parts.flatMap((part) => {
    const [key = '', direction = ''] = part.split(':', 2);
    return ordered(sorting, key, directionOf(direction === '' ? 'desc' : direction));
  });
}

/** `sort_key` with `sort_dir`, each as often as there are keys; or one direction for all. */
function classic<R>(query: QueryParameters, sorting: Sorting<R>): readonly Order<R>[] {
  const keys = query.get('sort_key') ?? [];
  const directions = (query.get('sort_dir') ?? []).map(directionOf);
  const [first] = directions;
  if (directions.length > 1 && directions.length !== keys.length)
    throw bad('Number of sort dirs does not match the number of sort keys');
  if (keys.length === 0)
    return first === undefined ? [] : sorting.usual.map((order) => ({ ...order, direction: first }));
  return keys.flatMap((key, i) => ordered(sorting, key, directions[i] ?? first ?? 'DESC'));
}

function ordered<R>({ keys }: Sorting<R>, text: string, direction: Direction): readonly Order<R>[] {
  const key = text.trim();
  const column = own(keys, key);
  if (column === undefined)
    throw bad(`Invalid sort key: ${key}. It must be one of the following: ${Object.keys(keys).join(', ')}.`);
  return column === null ? [] : [{ column, direction }];
}

function directionOf(text: string): Direction {
  const word = text.trim();
  if (word === 'asc' || word === 'desc') return word === 'asc' ? 'ASC' : 'DESC';
  throw bad(`Invalid sort direction: ${word}`);
}

/** Glance's links to the first page and, behind a full one, to the next. */
export function linksOf(
  path: string,
  query: QueryParameters,
  { next }: Page<unknown>,
): { first: string; next?: string } {
  const url = (parameters: URLSearchParams): string => (parameters.size === 0 ? path : `${path}?${String(parameters)}`);
  const first = encodedWithout(query, 'marker');
  if (next === null) return { first: url(first) };
  const following = new URLSearchParams(first);
  following.append('marker', next);
  return { first: url(first), next: url(following) };
}
