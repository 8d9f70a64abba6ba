import type { ControllerConfig } from '../../../config';
import { keystoneId } from '../../../identity/roles';

export const INTERFACES = ['public', 'internal', 'admin'] as const;
export type Interface = (typeof INTERFACES)[number];

export interface CatalogService {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly description: string;
  /** With `%(project_id)s` in the place of the project, where the URL holds one. */
  readonly url: string;
}

const PROJECT = '%(project_id)s';

/**
 * The services of this cloud. There is no network service on purpose: without one OpenStack's clients use the compute
 * API for networks (clients.md, section 2).
 * @param host as `publicHost` says.
 */
export function catalogServices({ ports }: ControllerConfig, host: string): readonly CatalogService[] {
  const at = (port: number, path: string): string => `http://${host}:${String(port)}${path}`;
  const services = [
    { type: 'compute', name: 'nova', description: 'Compute', url: at(ports.compute, `/v2.1/${PROJECT}`) },
    { type: 'identity', name: 'keystone', description: 'Identity', url: at(ports.identity, '/v3') },
    { type: 'image', name: 'glance', description: 'Image', url: at(ports.image, '') },
  ];
  return services.map((service) => ({ id: keystoneId('service', service.type), ...service }));
}

export const endpointId = (type: string, face: Interface): string => keystoneId('endpoint', type, face);

/** The URL for a project; undefined where a service has none without a project. */
export const urlFor = ({ url }: CatalogService, projectId: string | null): string | undefined =>
  projectId === null && url.includes(PROJECT) ? undefined : url.replace(PROJECT, projectId ?? '');
