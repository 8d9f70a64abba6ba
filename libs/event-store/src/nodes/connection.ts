import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseConnectionString } from '@eventstore/db-client/dist/Client/parseConnectionString';
import { credentials, Metadata, type ChannelCredentials } from '@grpc/grpc-js';

/** How to reach the log, from a connection string. */
export interface Connection {
  /** Addresses (`host:port`) to begin with. */
  readonly seeds: readonly string[];
  /** The one address is the log: no other node is looked for. */
  readonly alone: boolean;
  readonly security: ChannelCredentials;
  /** What each call carries: who asks. */
  readonly metadata: Metadata;
  /** Milliseconds between pings on an idle connection, and until one that is not answered closes it. */
  readonly keepAlive: { readonly every: number; readonly patience: number };
  /** Milliseconds that an append may take where the string says so. */
  readonly deadlineMs: number | undefined;
}

/** A connection that is quiet that long is asked whether it still is one, unless the string says otherwise. */
const KEEP_ALIVE_MS = 10_000;

/**
 * Reads a connection string by the official client's own parser, so that whatever that client takes is taken. What says
 * how that client looks for nodes (`nodePreference`, `maxDiscoverAttempts`, `discoveryInterval`, `gossipTimeout`) has no
 * effect: see {@link Cluster}.
 * @throws Error when it is no such string, or a certificate's file is not there
 */
export function connectionOf(url: string): Connection {
  const options = parseConnectionString(url);
  const secure = options.tls !== false;
  const metadata = new Metadata();
  if (options.connectionName !== undefined) metadata.set('connection-name', options.connectionName);
  if (secure && options.defaultCredentials !== undefined) {
    const { username, password } = options.defaultCredentials;
    metadata.set('authorization', `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`);
  }
  return {
    seeds: options.hosts.map(({ address, port }) => `${address}:${String(port)}`),
    alone: !options.dnsDiscover && options.hosts.length === 1,
    security: secure
      ? credentials.createSsl(
          fileOf('certificate', options.tlsCAFile),
          fileOf('certificate key', options.userKeyFile),
          fileOf('certificate', options.userCertFile),
        )
      : credentials.createInsecure(),
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

/** The content of a file whose path counts from the process's folder. */
function fileOf(what: string, path: string | undefined): Buffer | null {
  if (path === undefined) return null;
  const whole = resolve(path);
  if (!existsSync(whole)) throw new Error(`the event store's ${what} file ${whole} is not there`);
  return readFileSync(whole);
}
