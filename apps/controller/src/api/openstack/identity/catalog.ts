import type { PublicEndpoints } from '../../../config';
import { keystoneId } from '../../../identity/roles';

export const INTERFACES = ['public', 'internal', 'admin'] as const;
export type Interface = (typeof INTERFACES)[number];

/** Consoles are reached by the URLs that compute gives. */
export type ServiceType = Exclude<keyof PublicEndpoints, 'console'>;

export interface CatalogService {
  readonly id: string;
  readonly type: ServiceType;
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

const idsOf = (type: ServiceType): Readonly<Record<Interface | 'service', string>> => ({
  service: keystoneId('service', type),
  public: keystoneId('endpoint', type, 'public'),
  internal: keystoneId('endpoint', type, 'internal'),
  admin: keystoneId('endpoint', type, 'admin'),
});

/** Those of the services, and of their endpoints by interface. Each answer with a token has all of them. */
const IDS: Readonly<Record<ServiceType, ReturnType<typeof idsOf>>> = {
  compute: idsOf('compute'),
  identity: idsOf('identity'),
  image: idsOf('image'),
};

export const endpointId = (type: ServiceType, face: Interface): string => IDS[type][face];

/**
 * The services of this cloud. There is no network service on purpose: without one OpenStack's clients use the compute
 * API for networks.
 * @param urlOf as `publicUrl` says.
 */
export function catalogServices(urlOf: (service: ServiceType) => string): readonly CatalogService[] {
  const services = [
    { type: 'compute', name: 'nova', description: 'Compute', url: `${urlOf('compute')}/v2.1/${PROJECT}` },
    { type: 'identity', name: 'keystone', description: 'Identity', url: `${urlOf('identity')}/v3` },
    { type: 'image', name: 'glance', description: 'Image', url: urlOf('image') },
  ] as const;
  return services.map(({ url, ...service }) => {
    const admin = service.type === 'identity' ? `${urlOf('identity')}${ADMIN_PREFIX}/v3` : url;
    return { id: IDS[service.type].service, ...service, urls: { public: url, internal: url, admin } };
  });
}

/** The URL for a project; undefined where a service has none without a project. */
export function urlFor({ urls }: CatalogService, projectId: string | null, face: Interface): string | undefined {
  const url = urls[face];
  return projectId === null && url.includes(PROJECT) ? undefined : url.replace(PROJECT, projectId ?? '');
}
