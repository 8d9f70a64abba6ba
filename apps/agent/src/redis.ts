import Redis from 'ioredis';

import type { Log } from './ports/log.port';

export interface RedisAccess {
  readonly url: string;
  readonly user: string | null;
  readonly password: string | null;
  /** PEM of the authority of a `rediss://` server's certificate. */
  readonly authority: string | null;
}

/**
 * The one connection that all hosts of this process share (each worker adds its own for blocking reads). It waits for
 * Redis as long as it takes: a command is never given up, so no job is lost when Redis restarts.
 */
export function connectRedis({ url, user, password, authority }: RedisAccess, log: Log): Redis {
  const redis = new Redis(url, {
    ...(user === null ? {} : { username: user }),
    ...(password === null ? {} : { password }),
    ...(authority === null ? {} : { tls: { ca: authority } }),
    maxRetriesPerRequest: null,
    connectionName: 'cairn-agent',
    retryStrategy: (times) => Math.min(times * 100, 1_000),
  });
  let lastSaid = '';
  redis.on('error', (error: Error) => {
    // A Redis that is away says the same every second; once is enough.
    if (error.message !== lastSaid) log.warn('redis: not reachable; trying again', { error });
    lastSaid = error.message;
  });
  redis.on('ready', () => {
    lastSaid = '';
    log.info('redis: connected');
  });
  return redis;
}
