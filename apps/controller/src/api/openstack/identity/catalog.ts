import type { PublicEndpoints } from '../../../config';
import { keystoneId } from '../../../identity/roles';

export const INTERFACES = ['public', 'internal', 'admin'] as const;
export type Interface = (typeof INTERFACES)[number];

export interface CatalogService {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly description: string;
  /** With `%(project_id)s` in the place of the project, where the URL holds one. */
  readonly urls: Readonly<Record<Interface, string>>;
}

/**
 * Where administrators ask the identity service: the same calls, and v2.0's list of tenants is that of all. Keystone of the
 * first years had it on port 35357; behind one port it is this path, as in DevStack.
 */
export const ADMIN_PREFIX = '/identity_admin';

const PROJECT = '%(project_id)s';

/**
 * The services of this cloud. There is no network service on purpose: without one OpenStack's clients use the compute
 * API for networks.
 * @param urlOf as `publicUrl` says.
 */
export function catalogServices(urlOf: (service: keyof PublicEndpoints) => string): readonly CatalogService[] {
  const services = [
    { type: 'compute', name: 'nova', description: 'Compute', url: `${urlOf('compute')}/v2.1/${PROJECT}` },
    { type: 'identity', name: 'keystone', description: 'Identity', url: `${urlOf('identity')}/v3` },
    { type: 'image', name: 'glance', description: 'Image', url: urlOf('image') },
  ];
  return services.map(({ url, ...service }) => {
    const admin = service.type === 'identity' ? `${urlOf('identity')}${ADMIN_PREFIX}/v3` : url;
    return { id: idOf('service', service.type), ...service, urls: { public: url, internal: url, admin } };
  });
}

/** Of services and endpoints, which are few: each answer with a token has all of them. */
const ids = new Map<string, string>();

function idOf(...parts: readonly string[]): string {
  const key = parts.join('/');
  const known = ids.get(key) ?? keystoneId(...parts);
  ids.set(key, known);
  return known;
}

export const endpointId = (type: string, face: Interface): string => idOf('endpoint', type, face);

/** The URL for a project; undefined where a service has none without a project. */
export function urlFor({ urls }: CatalogService, projectId: string | null, face: Interface): string | undefined {
  const url = urls[face];
  return projectId === null && url.includes(PROJECT) ? undefined : url.replace(PROJECT, projectId ?? '');
}
