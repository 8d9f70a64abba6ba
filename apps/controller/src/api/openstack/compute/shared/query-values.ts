import { own } from '@cairn/domain';
import { badRequest } from './additional';
import type { QueryParameters } from './links';
import { booleanOf } from './validators';

/** nova's osapi_max_limit: a page has at most so many. */
const MAX_PAGE = 1000;

/** The last value of a parameter; undefined when it is not there. */
export const lastOf = (query: QueryParameters, name: string): string | undefined => query.get(name)?.at(-1);

const invalid = (name: string, value: string, rule: string): Error =>
  badRequest(`Invalid input for query parameters ${name}. Value: ${value.slice(0, 255)}. ${rule}`);

/** The page size asked for; none is as many as allowed, 0 is none at all. @throws HttpProblem 400. */
export function limitOf(query: QueryParameters): number {
  const text = lastOf(query, 'limit');
  if (text === undefined || text === '') return MAX_PAGE;
  if (!/^\d*$/.test(text)) throw invalid('limit', text, `'${text.slice(0, 255)}' does not match '^[0-9]*$'`);
  return Math.min(Number(text), MAX_PAGE);
}

/** @throws HttpProblem 400 for a value that is neither true nor false. */
export function flagOf(query: QueryParameters, name: string): boolean | undefined {
  const text = lastOf(query, name);
  if (text === undefined) return undefined;
  if (text === '') return true; // `?all_tenants` alone
  return booleanOf(text) ?? badFlag(name, text);
}

function badFlag(name: string, text: string): never {
  throw invalid(name, text, `Unrecognized value '${text.slice(0, 255)}'`);
}

/** Sort keys with their directions; a key beyond the directions given takes the last of them, or `fallback`. */
export function sortOf<K>(
  query: QueryParameters,
  keys: Readonly<Record<string, K | null>>,
  fallback: 'ASC' | 'DESC',
): readonly { readonly column: K; readonly direction: 'ASC' | 'DESC' }[] {
  const directions = (query.get('sort_dir') ?? []).map((text): 'ASC' | 'DESC' => {
    const direction = text.toUpperCase();
    if (direction === 'ASC' || direction === 'DESC') return direction;
    throw invalid('sort_dir', text, `'${text.slice(0, 255)}' is not one of ['asc', 'desc']`);
  });
  return (query.get('sort_key') ?? []).flatMap((name, i) => {
    if (!Object.hasOwn(keys, name)) throw invalid('sort_key', name, `'${name.slice(0, 255)}' is not a key to sort by`);
    const column = own(keys, name) ?? null;
    return column === null ? [] : [{ column, direction: directions[i] ?? directions.at(-1) ?? fallback }];
  });
}
