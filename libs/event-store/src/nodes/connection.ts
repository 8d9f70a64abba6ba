import { Metadata, type ChannelCredentials } from '@grpc/grpc-js';
import { addressOf, channelCredentialsOf, isSecure, type StoreConnection } from '../connection';

/** How to reach the log, from a connection string. */
export interface Connection {
  /** Addresses (`host:port`) to begin with. */
  readonly seeds: readonly string[];
  /** The one address is the log: no other node is looked for. */
  readonly alone: boolean;
  readonly security: ChannelCredentials;
  /** What each call carries: the caller's identity. */
  readonly metadata: Metadata;
  /** Milliseconds between pings on an idle connection, and until one that is not answered closes it. */
  readonly keepAlive: { readonly every: number; readonly patience: number };
  /** Milliseconds that an append may take where the string says so. */
  readonly deadlineMs: number | undefined;
}

/** A connection that is quiet that long is asked whether it still is one, unless the string says otherwise. */
const KEEP_ALIVE_MS = 10_000;

/**
 * Connects as a connection string says. How the official client would look for nodes (`nodePreference`,
 * `maxDiscoverAttempts`, `discoveryInterval`, `gossipTimeout`) has no effect: see {@link Cluster}.
 * @throws ConnectionStringError when a certificate's file cannot be read
 */
export function connectionOf(options: StoreConnection): Connection {
  const metadata = new Metadata();
  if (options.connectionName !== undefined) metadata.set('connection-name', options.connectionName);
  if (isSecure(options) && options.defaultCredentials !== undefined) {
    const { username, password } = options.defaultCredentials;
    metadata.set('authorization', `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`);
  }
  return {
    seeds: options.hosts.map(addressOf),
    alone: !options.dnsDiscover && options.hosts.length === 1,
    security: channelCredentialsOf(options),
    metadata,
    keepAlive: {
      every: milliseconds(options.keepAliveInterval),
      patience: milliseconds(options.keepAliveTimeout),
    },
    deadlineMs: options.defaultDeadline,
  };
}

/** -1 stands for never. */
function milliseconds(said = KEEP_ALIVE_MS): number {
  return said < 0 ? 2 ** 31 - 1 : said;
}
