import { isIPv6 } from 'node:net';

export interface ConnectionLimits {
  /** Of a listener. */
  readonly total: number;
  /** Of one address, an IPv6 network of 64 bits being one. */
  readonly perAddress: number;
  /** Whether an address stands for many clients, as a proxy's does: it is bounded by the total alone. */
  readonly isMany?: (address: string) => boolean;
}

/** Why a connection is one too many: the listener's limit, or that of its address. */
export type Refusal = 'total' | 'address';

/** What a socket says of itself; for one of TLS the same as of the one below it. */
export interface Endpoint {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

export interface Closable extends Endpoint {
  once(event: 'close', listener: () => void): unknown;
  destroy(): unknown;
}

interface Connection {
  readonly key: string;
  readonly from: string;
  readonly socket: Closable;
  /** Requests under way. */
  active: number;
}

/** Whom an address counts for. */
export function sourceOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.toLowerCase().replace(/%.*$/, '').split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  const all = [...groups, ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...(tail ?? '').split(':')];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group || '0', 16).toString(16))
    .join(':')}::/64`;
}

const keyOf = ({ remoteAddress, remotePort }: Endpoint): string => `${remoteAddress ?? ''}|${String(remotePort)}`;

/**
 * The open connections of one listener. When there are too many, one that has no request under way gives place, the one
 * that has been idle longest (a client opens another when it needs it); a new one is refused only where all are at work.
 */
export class Connections {
  private readonly open = new Map<string, Connection>();
  /** By source, in the order in which they became idle. */
  private readonly bySource = new Map<string, Set<Connection>>();
  private dropped = 0;

  constructor(private readonly limits: ConnectionLimits) {}

  get size(): number {
    return this.open.size;
  }

  /** Since the start: how many were refused, or gave place. */
  get refused(): number {
    return this.dropped;
  }

  /** Counts a new connection until it is closed. @returns why it is not admitted, and must be closed by the caller */
  admit(socket: Closable): Refusal | undefined {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined) {
      socket.destroy(); // gone before it could be looked at
      return undefined;
    }
    const from = sourceOf(remoteAddress);
    const refusal = this.makeRoom(from, this.limits.isMany?.(remoteAddress) === true);
    if (refusal !== undefined) {
      this.dropped += 1;
      return refusal;
    }
    const connection: Connection = { key: keyOf(socket), from, socket, active: 0 };
    this.open.set(connection.key, connection);
    const siblings = this.bySource.get(from) ?? new Set();
    this.bySource.set(from, siblings.add(connection));
    socket.once('close', () => {
      this.forget(connection);
    });
    return undefined;
  }

  /** A request begins on a connection: until the returned function is called, it does not give place. */
  use(socket: Endpoint): () => void {
    const connection = this.open.get(keyOf(socket));
    if (connection === undefined) return () => undefined;
    connection.active += 1;
    return () => {
      connection.active -= 1;
      const siblings = this.bySource.get(connection.from);
      if (siblings?.delete(connection) === true) siblings.add(connection);
    };
  }

  private makeRoom(from: string, isMany: boolean): Refusal | undefined {
    const { total, perAddress } = this.limits;
    const siblings = this.bySource.get(from);
    if (!isMany && siblings !== undefined && siblings.size >= perAddress)
      return this.evict(siblings) ? undefined : 'address';
    if (this.open.size < total) return undefined;
    // the source that has most gives place first
    const sources = [...this.bySource.values()].sort((a, b) => b.size - a.size);
    return sources.some((source) => this.evict(source)) ? undefined : 'total';
  }

  /** Closes the one that has been idle longest, if there is one. */
  private evict(connections: Iterable<Connection>): boolean {
    for (const connection of connections) {
      if (connection.active > 0) continue;
      this.dropped += 1;
      this.forget(connection);
      connection.socket.destroy();
      return true;
    }
    return false;
  }

  private forget(connection: Connection): void {
    if (this.open.get(connection.key) === connection) this.open.delete(connection.key);
    const siblings = this.bySource.get(connection.from);
    siblings?.delete(connection);
    if (siblings?.size === 0) this.bySource.delete(connection.from);
  }
}
