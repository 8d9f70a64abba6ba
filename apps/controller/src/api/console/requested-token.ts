import type { IncomingMessage } from 'node:http';

/** Of noVNC's own default path, and of nova's URLs. */
const PATHS: ReadonlySet<string> = new Set(['/', '/websockify']);

/**
 * The token that a websocket asks with: in the query, else in a cookie, where older pages of noVNC keep it. '' without one;
 * undefined for a path at which no websocket is served.
 */
export function requestedToken({ url = '/', headers }: Pick<IncomingMessage, 'url' | 'headers'>): string | undefined {
  const [path = '', ...query] = url.split('?');
  if (!PATHS.has(path)) return undefined;
  const [token = ''] = new URLSearchParams(query.join('?')).getAll('token').slice(-1);
  return token === '' ? tokenInCookie(headers.cookie ?? '') : token;
}

function tokenInCookie(header: string): string {
  const pairs = header.split(';').map((pair) => pair.trim());
  const [found = ''] = pairs.filter((pair) => pair.startsWith('token=')).slice(-1);
  return found.slice('token='.length).replace(/^"(.*)"$/, '$1');
}
