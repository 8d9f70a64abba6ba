import { hostAttribute } from '../host-attributes';
import { holds, parseQuery } from '../json-query';
import type { Filter } from './filter';

/** The tenant's own question to each host. It says nothing of whether the host is up. */
export const json: Filter = {
  name: 'JsonFilter',
  passes: (host, { hints }) => {
    if (hints?.query === undefined) return true;
    const query = parseQuery(hints.query);
    return query !== undefined && holds(query, (path) => hostAttribute(host, path));
  },
  reason: 'No host that would do is what the query of the scheduler hint asks for.',
  why: (_host, { hints }) => `is not what was asked for: ${String(hints?.query)}`,
};
