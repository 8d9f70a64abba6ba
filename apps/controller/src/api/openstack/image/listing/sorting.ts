import { HttpProblem } from '../../../http';
import { type Query, valueOf, valuesOf } from './parameters';

export type SortKey =
  'name' | 'status' | 'container_format' | 'disk_format' | 'size' | 'id' | 'created_at' | 'updated_at';

export interface Order {
  readonly key: SortKey;
  readonly direction: 'asc' | 'desc';
}

const KEYS: readonly SortKey[] = [
  'name',
  'status',
  'container_format',
  'disk_format',
  'size',
  'id',
  'created_at',
  'updated_at',
];

const bad = (message: string): HttpProblem => new HttpProblem(400, message);

/**
 * The order that a query asks for, in either of Glance's two ways (`sort=name:asc,size:desc`, or `sort_key` with
 * `sort_dir`); newest first without one. The id comes last, so that the order is total.
 * @throws HttpProblem 400 in Glance's words.
 */
export function orderOf(query: Query): readonly Order[] {
  const asked = valueOf(query, 'sort') === undefined ? classic(query) : combined(query);
  const given: readonly Order[] = asked.length === 0 ? [{ key: 'created_at', direction: 'desc' }] : asked;
  const last = given.at(-1)?.direction ?? 'desc';
  const added = (['created_at', 'id'] as const).filter((key) => given.every((order) => order.key !== key));
  return [...given, ...added.map((key): Order => ({ key, direction: last }))];
}

function combined(query: Query): readonly Order[] {
  if (valuesOf(query, 'sort_key').length + valuesOf(query, 'sort_dir').length > 0) {
    throw bad('Old and new sorting syntax cannot be combined');
  }
  const parts = (valueOf(query, 'sort') ?? '').trim().split(',');
  return parts.map((part) => {
    const [key = '', direction = ''] = part.split(':', 2);
    return { key: keyOf(key.trim()), direction: directionOf(direction === '' ? 'desc' : direction.trim()) };
  });
}

function classic(query: Query): readonly Order[] {
  const keys = valuesOf(query, 'sort_key').map((key) => keyOf(key.trim()));
  const directions = valuesOf(query, 'sort_dir').map((direction) => directionOf(direction.trim()));
  if (directions.length > 1 && directions.length !== keys.length) {
    throw bad('Number of sort dirs does not match the number of sort keys');
  }
  const sorted: readonly SortKey[] = keys.length === 0 && directions.length > 0 ? ['created_at'] : keys;
  return sorted.map((key, i) => ({ key, direction: directions[i] ?? directions[0] ?? 'desc' }));
}

function keyOf(text: string): SortKey {
  const key = KEYS.find((each) => each === text);
  if (key === undefined) {
    throw bad(`Invalid sort key: ${text}. It must be one of the following: ${KEYS.join(', ')}.`);
  }
  return key;
}

function directionOf(text: string): Order['direction'] {
  if (text === 'asc' || text === 'desc') return text;
  throw bad(`Invalid sort direction: ${text}`);
}
