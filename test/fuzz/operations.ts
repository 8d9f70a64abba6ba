import { ACTION_WORDS } from '../../apps/controller/src/api/openstack/compute/servers/server-action';
import { type ServedRoute, servedRoutes } from '../docs/api/served-routes';
import type { FuzzCloud } from './fuzz-cloud';

/** One thing that clients can ask for. */
export interface Operation {
  /** `compute POST /servers`; of an action of a server its word follows. */
  readonly key: string;
  readonly route: ServedRoute;
  /** The word of an action. */
  readonly action: string | undefined;
  /** Whether it is to change something. */
  readonly writes: boolean;
}

/** A parameter of a URL, with the collection in front of it; of what is in something else also that one's: `servers/tags`. */
export interface UrlParameter {
  readonly name: string;
  readonly collection: string;
}

const ACTIONS = 'compute POST /servers/{id}/action';

/** Everything that the services of a cloud serve, as the application itself says. */
export async function operationsOf(cloud: FuzzCloud): Promise<readonly Operation[]> {
  const status = async (service: string, method: string, url: string): Promise<number> =>
    (await cloud.send({ service, method, url, headers: {} })).status;
  const routes = await servedRoutes({ apps: cloud.apps, status });
  return routes.flatMap((route) => {
    const method = route.method === 'ALL' ? 'GET' : route.method;
    const key = `${route.service} ${method} ${route.path}`;
    const one: Operation = { key, route, action: undefined, writes: method !== 'GET' };
    return key === ACTIONS ? ACTION_WORDS.map((action) => ({ ...one, key: `${key} ${action}`, action })) : [one];
  });
}

const segmentsOf = (url: string): readonly string[] => url.split('/').filter((part) => part !== '');

const isParameter = (segment: string): boolean => segment.startsWith(':') || segment === '*';

export function parametersOf(url: string): readonly UrlParameter[] {
  const segments = segmentsOf(url);
  return segments.flatMap((segment, i) => {
    if (!isParameter(segment)) return [];
    return [{ name: segment.replace(':', ''), collection: nested(segments.slice(0, i)) }];
  });
}

/** The collection whose things a URL's answer lists or makes; undefined where it is about one thing. */
export function collectionOf(url: string): string | undefined {
  const segments = segmentsOf(url);
  const named = segments.at(-1) === 'detail' ? segments.slice(0, -1) : segments;
  const last = named.at(-1);
  return last === undefined || isParameter(last) ? undefined : nested(named);
}

/** Of `servers`, `:id`, `tags`: `servers/tags`. */
function nested(segments: readonly string[]): string {
  const last = segments.at(-1) ?? '';
  const of = segments.slice(0, -1);
  return isParameter(of.at(-1) ?? '') && of.length > 2 ? `${of.at(-2) ?? ''}/${last}` : last;
}

/** The URL with its parameters in their places. */
export function filled(url: string, values: readonly string[]): string {
  let next = 0;
  const parts = segmentsOf(url).map((segment) => {
    if (!isParameter(segment)) return segment;
    next += 1;
    return values[next - 1] ?? '';
  });
  return `/${parts.join('/')}`;
}
