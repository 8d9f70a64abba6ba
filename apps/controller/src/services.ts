import { consoleService } from './api/console/console.service';
import { hostsService } from './api/hosts/hosts.service';
import type { ServiceDefinition } from './api/http';
import { computeService } from './api/openstack/compute';
import { identityService } from './api/openstack/identity';
import { imageService } from './api/openstack/image/image.service';
import type { ControllerConfig } from './config';

/** The HTTP servers of a controller, one per API, on the guide's ports. */
export const SERVICES: readonly ((config: ControllerConfig) => ServiceDefinition)[] = [
  identityService,
  computeService,
  imageService,
  consoleService,
  hostsService,
];
