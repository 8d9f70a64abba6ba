import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import type { Application } from '../../../apps/controller/src/application/application';
import { createHttpService } from '../../../apps/controller/src/api/http';
import { SERVICES } from '../../../apps/controller/src/services';

/** Every HTTP service of a controller, by its name (`identity`, `compute` …). None of them listens. */
export async function everyService(application: Application): Promise<ReadonlyMap<string, NestFastifyApplication>> {
  const services = new Map<string, NestFastifyApplication>();
  for (const service of SERVICES) {
    const definition = service(application.core.config);
    services.set(definition.name, await createHttpService(application, definition));
  }
  return services;
}
