import type { ControllerConfig } from '../../config';
import type { Origin } from '../http';

const hostOf = (authority: string): string => authority.replace(/:\d+$/, '').toLowerCase();

/**
 * Why a web page may not open a console, in nova's words; undefined if it may. Browsers name the page that opens a
 * websocket; other clients name none, and may. A page elsewhere would have to know the token, which a cookie could tell
 * for it.
 * @param named the Host header; `reached` is what a trusted proxy says instead
 */
export function originFault(
  origin: string | undefined,
  named: string | undefined,
  reached: Pick<Origin, 'host' | 'scheme'>,
  { consoles, publicEndpoints }: Pick<ControllerConfig, 'consoles' | 'publicEndpoints'>,
): string | undefined {
  if (origin === undefined) return undefined;
  if (!URL.canParse(origin)) return 'Origin header not valid.';
  const page = new URL(origin);
  const told = publicEndpoints.console === null ? undefined : new URL(publicEndpoints.console);
  const hosts = [...consoles.allowedOrigins, told?.hostname, reached.host ?? named].flatMap((host) =>
    host === undefined ? [] : [hostOf(host)],
  );
  if (!hosts.includes(page.hostname.toLowerCase())) return 'Origin header does not match this host.';
  const scheme = told?.protocol ?? `${reached.scheme ?? 'http'}:`;
  return page.protocol === scheme ? undefined : 'Origin header protocol does not match this host.';
}
