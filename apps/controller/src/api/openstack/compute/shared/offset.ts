import { badRequest } from './additional';
import type { QueryParameters } from './links';
import { lastOf } from './query-values';

/** How many of the first are left out. @throws HttpProblem 400. */
export function offsetOf(query: QueryParameters): number {
  const text = lastOf(query, 'offset') ?? '';
  if (/^\d{0,9}$/.test(text)) return Number(text);
  const value = text.slice(0, 255);
  throw badRequest(`Invalid input for query parameters offset. Value: ${value}. '${value}' does not match '^[0-9]*$'`);
}
