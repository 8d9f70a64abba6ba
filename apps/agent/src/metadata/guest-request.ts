import { own } from '@cairn/domain';
import type { IncomingHttpHeaders } from 'node:http';

/** What a guest may say to the metadata service; whatever else it sends never leaves the host. */
const FORWARDED = ['accept', 'user-agent', 'x-aws-ec2-metadata-token', 'x-aws-ec2-metadata-token-ttl-seconds'];

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT']);

export const allowedMethod = (method: string | undefined): boolean => method !== undefined && METHODS.has(method);

/** The headers of a guest that go on; its own copies of those that identify it do not. */
export const forwardedHeaders = (headers: IncomingHttpHeaders): Record<string, string | string[]> =>
  Object.fromEntries(
    FORWARDED.flatMap((name) => {
      const value = own(headers, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );

/**
 * The path (with query) that a guest asks for, or undefined for one that could lead out of the metadata tree on the
 * controller, where the request arrives under the host's credential.
 */
export function guestPath(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  // Proxies' form: http://169.254.169.254/path
  const path = url.startsWith('/') ? url : url.replace(/^http:\/\/[^/?#]*(?=[/?#]|$)/i, '');
  const [plain = '', ...rest] = (path === '' ? '/' : path).split('?');
  if (!plain.startsWith('/') || /[\\#]|%(?![0-9a-f]{2})/i.test(plain)) return undefined;
  const segments = plain.split('/').map((segment) => unescapeAll(segment));
  if (segments.some((segment) => segment === undefined || /^\.\.?$|[/\\]/.test(segment))) return undefined;
  return [plain, ...rest].join('?');
}

/** Nobody encodes a name more often than this, and to undo thousands of layers would keep the agent from its work. */
const MOST_LAYERS = 4;

/** Undoes percent-encoding until nothing changes: a server that decodes twice takes `%252e` for a dot. Undefined: too deep. */
function unescapeAll(segment: string): string | undefined {
  let text = segment;
  for (let layer = 0; layer <= MOST_LAYERS; layer += 1) {
    const next = text.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
    if (next === text) return text;
    text = next;
  }
  return undefined;
}

/** IPv4 peers of a dual-stack socket look like `::ffff:10.0.0.2`. */
export const peerAddress = (address: string | undefined): string => (address ?? '').replace(/^::ffff:/i, '');
