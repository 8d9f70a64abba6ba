import type { FastifyRequest } from 'fastify';
import type { ControllerConfig } from '../../../../config';
import { publicHost } from '../../../http';

/** Scheme, host and port of the compute service by which this client came: port forwarding may change the port. */
export function baseUrl(config: ControllerConfig, request: FastifyRequest): string {
  const named = /:(\d{1,5})$/.exec(request.headers.host ?? '')?.[1];
  const port = config.publicHost === null && named !== undefined ? named : String(config.ports.compute);
  return `http://${publicHost(config, request)}:${port}`;
}
