import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { ControllerConfig } from '../../config';

const NAME = /^[a-zA-Z0-9]([a-zA-Z0-9.-]{0,251}[a-zA-Z0-9])?$/;

/** The host part of a Host header, IPv6 in brackets; undefined when it is not one (it goes into URLs and headers). */
function hostOf(header: string): string | undefined {
  const match = /^(\[[0-9a-fA-F:.]+\]|[^:]+)(:\d{1,5})?$/.exec(header);
  const host = match?.[1];
  if (host === undefined) return undefined;
  if (host.startsWith('[')) return isIP(host.slice(1, -1)) === 6 ? host : undefined;
  return NAME.test(host) ? host : undefined;
}

/**
 * The host that URLs in answers name: the operator's choice, else the one by which this client reached us, so that every
 * client gets links that work for it.
 */
export function publicHost(config: ControllerConfig, request: FastifyRequest): string {
  if (config.publicHost !== null) return isIP(config.publicHost) === 6 ? `[${config.publicHost}]` : config.publicHost;
  return hostOf(request.headers.host ?? '') ?? (isIP(config.bindHost) === 6 ? `[${config.bindHost}]` : config.bindHost);
}
