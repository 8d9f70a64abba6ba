import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { ControllerConfig, PublicEndpoints } from '../../config';
import { originAt } from './request-origin';

const NAME = /^[a-zA-Z0-9]([a-zA-Z0-9.-]{0,251}[a-zA-Z0-9])?$/;

interface Authority {
  /** IPv6 in brackets. */
  readonly host: string;
  readonly port: string | undefined;
}

/** The parts of a Host header; undefined when it is not one (it goes into URLs and headers). */
function authorityOf(header: string | undefined): Authority | undefined {
  const [, host, port] = /^(\[[0-9a-fA-F:.]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(header ?? '') ?? [];
  if (host === undefined) return undefined;
  const isHost = host.startsWith('[') ? isIP(host.slice(1, -1)) === 6 : NAME.test(host);
  return isHost ? { host, port } : undefined;
}

const bracketed = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);

/**
 * The URL, without a slash at its end, under which this client reaches a service: the operator's choice, else as it reached
 * us, so that every client gets links that work for it. What a proxy forwards counts if it is a trusted one.
 * @param isAsked whether it is the service that answers the request: then its port is the one that the client used, which a
 *   forwarder may have changed; other services have their configured ports.
 */
export function publicUrl(
  config: ControllerConfig,
  request: FastifyRequest,
  service: keyof PublicEndpoints,
  isAsked = true,
): string {
  const chosen = config.publicEndpoints[service];
  if (chosen !== null) return chosen;
  const own = String(config.ports[service]);
  if (config.publicHost !== null) return `http://${bracketed(config.publicHost)}:${own}`;
  const { scheme = 'http', host } = originAt(request);
  const forwarded = host === undefined ? undefined : authorityOf(host);
  const named = forwarded ?? authorityOf(request.headers.host);
  // A forwarded host without a port has the scheme's own.
  const port = isAsked ? (named?.port ?? (forwarded === undefined ? own : undefined)) : own;
  return `${scheme}://${named?.host ?? bracketed(config.bindHost)}${port === undefined ? '' : `:${port}`}`;
}
