import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { Connections, type ConnectionLimits, type Refusal } from './connections';

/** Connections beyond the limits that are told so by an answer; what is beyond these is closed without a word. */
const MOST_TOLD = 64;
/** How long such a connection may take for its request, ms. */
const TOLD_MS = 5_000;

/** Options for `http.createServer`, ms. No total time for a request: a large body takes as long as it brings something. */
export const HTTP_TIMEOUTS = {
  /** From the first byte, or from the connection's beginning, to the end of the headers. */
  headersTimeout: 15_000,
  /** Between two requests. */
  keepAliveTimeout: 65_000,
  /** How often the two above are looked at. */
  connectionsCheckingInterval: 5_000,
} as const;

/** Without a byte in either direction a connection is closed after this, ms: longer than any answer takes to begin. */
const SILENT_MS = 120_000;

/** The limits of one HTTP listener, and what they refuse. */
export interface HttpGuard {
  readonly connections: Connections;
  /** Why a request must be answered by a refusal, with `connection: close`; undefined for nearly all. */
  refusalOf(request: Pick<IncomingMessage, 'socket'>): Refusal | undefined;
  /**
   * A connection goes on with another protocol than HTTP: until it closes it gives no place to others, and may be silent
   * for as long as that protocol allows. @returns why it must be refused instead; undefined for nearly all
   */
  upgrade(socket: Socket): Refusal | undefined;
}

/** Bounds the connections of a server that does not listen yet. Want of descriptors never ends the process. */
export function guardHttp(server: Server, limits: ConnectionLimits): HttpGuard {
  const connections = new Connections(limits);
  const told = new Map<string, Refusal>();
  const keyOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress ?? ''}|${String(remotePort)}`;
  server.timeout = SILENT_MS;
  // Later than the listening: no descriptor was left for a connection. The client sees it closed.
  server.on('error', () => undefined);
  server.prependListener('connection', (socket: Socket) => {
    const refusal = connections.admit(socket);
    if (refusal === undefined) return;
    if (told.size >= MOST_TOLD) {
      socket.destroy();
      return;
    }
    const key = keyOf(socket);
    told.set(key, refusal);
    const patience = setTimeout(() => socket.destroy(), TOLD_MS);
    socket.once('close', () => {
      clearTimeout(patience);
      told.delete(key);
    });
  });
  server.prependListener('request', (request, response) => {
    response.once('close', connections.use(request.socket));
  });
  const refusalOf = ({ socket }: Pick<IncomingMessage, 'socket'>): Refusal | undefined =>
    told.size === 0 ? undefined : told.get(keyOf(socket));
  const upgrade = (socket: Socket): Refusal | undefined => {
    const refusal = refusalOf({ socket });
    if (refusal === undefined) socket.setTimeout(0).once('close', connections.use(socket));
    return refusal;
  };
  return { connections, refusalOf, upgrade };
}
