import type { ServedRoute } from './served-routes';

/** Which rows of the seed's feature checklist a call serves, in full or in part. The first that fits counts. */
type Entry = readonly [service: string, call: RegExp, rows: readonly number[]];

const ENTRIES: readonly Entry[] = [
  ['identity', /^POST \/v3\/auth\/tokens$/, [13]],
  ['identity', /^POST \/v2\.0\/tokens$/, [13, 124]],
  ['identity', /^GET \/v2\.0\/tenants$/, [15]],
  ['identity', /^\w+ \/v3\/(users|projects)(\/\{id\})?$/, [6, 13, 15]],
  ['identity', / \/v3\/(roles|role_assignments|projects\/\{projectId\}\/users)/, [7]],
  ['identity', /./, []],
  ['compute', /^POST \/servers$/, [42, 43, 49, 51, 52, 56]],
  ['compute', /^GET \/servers(\/detail|\/\{id\})?$/, [6, 56, 65]],
  ['compute', / \/servers\/\{id\}\/ips/, [65, 73]],
  ['compute', / \/servers\/\{id\}\/os-security-groups/, [102]],
  ['compute', / \/servers\/\{id\}\/os-instance-actions/, [119]],
  ['compute', /^DELETE \/servers\/\{id\}$/, [24, 47]],
  ['compute', /^POST \/servers\/\{id\}\/action$/, [46, 54, 73]],
  ['compute', / \/servers\/\{id\}\/metadata/, [52]],
  ['compute', /^GET \/flavors/, [38, 39]],
  ['compute', / \/flavors/, [41]],
  ['compute', / \/os-keypairs/, [14, 51]],
  ['compute', / \/(os-quota-sets|limits)/, [20, 22, 23, 24]],
  ['compute', / \/os-(tenant-)?networks/, [65, 75]],
  ['compute', / \/os-security-groups/, [102]],
  ['compute', / \/os-floating-ips/, [104, 105, 106]],
  ['compute', / \/os-services/, [123]],
  ['compute', / \/os-hypervisors/, [2]],
  ['compute', / \/os-availability-zone/, [3]],
  ['compute', /./, []],
  ['image', /^GET \/v2\/images$/, [18, 25, 26]],
  ['image', / \/v2\/images\/\{imageId\}\/file$/, [25, 27, 28]],
  ['image', / \/v2\/images/, [25, 26]],
  ['image', /./, []],
  ['console', /./, []],
  ['hosts', / \/v1\/images/, [34, 35, 37]],
  ['hosts', / \/v1\/instances/, [36]],
  ['hosts', / \/v1\/replies/, [54]],
  ['hosts', / \/v1\/metadata/, [89, 90, 91, 92, 93, 94, 95, 97]],
  ['hosts', /^GET \/$/, [89]],
];

const entryOf = ({ service, method, path }: Pick<ServedRoute, 'service' | 'method' | 'path'>): Entry | undefined =>
  ENTRIES.find(([of, call]) => of === service && call.test(`${method} ${path}`));

/** @throws Error for a route that nobody has thought about. */
export function guideRows(route: ServedRoute): readonly number[] {
  const entry = entryOf(route);
  if (entry === undefined)
    throw new Error(`guide-rows.ts says nothing of ${route.service} ${route.method} ${route.path}`);
  return entry[2];
}

/** Entries that fit no route any more. */
export function staleEntries(routes: readonly ServedRoute[]): readonly string[] {
  const used = new Set(routes.map(entryOf));
  return ENTRIES.filter((entry) => !used.has(entry)).map(([service, call]) => `${service} ${String(call)}`);
}
